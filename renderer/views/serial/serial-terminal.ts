import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { sessionClient } from "../../api-client.ts";
import { openSerialChannel } from "../../state/serial-channel.ts";
import { terminalTheme } from "../../ui/terminal-theme.ts";

/** A terminal that shows one session's serial console, and types into it. */
export interface SerialTerminal {
  copy(): Promise<void>;
  paste(): Promise<void>;
  /** Makes the text larger or smaller by so many pixels. */
  zoom(change: number): void;
  clear(): void;
  find(text: string, direction: "next" | "previous"): boolean;
  endSearch(): void;
  /** Types the command that makes the guest's programs use as many columns and rows as are shown. */
  tellSize(): void;
  sendBreak(): Promise<void>;
  scrollToEnd(): void;
  dispose(): void;
}

const storageKey = "tinsmith.serial-font-size";
const fontSizes = { least: 8, usual: 13, most: 32 };
/** Lines that can be scrolled back to; all of them are in the session's serial.log. */
const scrollback = 20_000;

export function openSerialTerminal(box: HTMLElement, session: string): SerialTerminal {
  const terminal = new Terminal({
    allowProposedApi: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono"),
    fontSize: Number(localStorage.getItem(storageKey)) || fontSizes.usual,
    scrollback,
    theme: terminalTheme(),
    screenReaderMode: false,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon(openLink)])
    terminal.loadAddon(addon);
  terminal.unicode.activeVersion = "11";

  const channel = openSerialChannel(session, {
    onOutput: (bytes, consumed) => terminal.write(bytes, consumed),
  });
  const typed = terminal.onData((text) => channel.type(new TextEncoder().encode(text)));
  // Bytes that are no text, such as mouse reports, come as one character each.
  const bytes = terminal.onBinary((text) => channel.type(Uint8Array.from(text, (one) => one.charCodeAt(0))));
  // A panel is made before it is in the window; a terminal that is opened there can't measure its letters.
  const sized = new ResizeObserver(() => {
    if (box.clientWidth === 0) return;
    if (!terminal.element) terminal.open(box);
    fit.fit();
  });
  sized.observe(box);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const retheme = () => {
    terminal.options.theme = terminalTheme();
  };
  const themed = new MutationObserver(retheme);
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", retheme);

  return {
    copy: () => navigator.clipboard.writeText(terminal.getSelection()),
    paste: async () => channel.type(pasted(await navigator.clipboard.readText())),
    zoom: (change) => {
      const size = (terminal.options.fontSize ?? fontSizes.usual) + change;
      terminal.options.fontSize = Math.min(fontSizes.most, Math.max(fontSizes.least, size));
      localStorage.setItem(storageKey, `${terminal.options.fontSize}`);
      fit.fit();
    },
    clear: () => terminal.clear(),
    find: (text, direction) => (direction === "next" ? search.findNext(text) : search.findPrevious(text)),
    endSearch: () => {
      search.clearDecorations();
      terminal.focus();
    },
    tellSize: () => {
      channel.type(new TextEncoder().encode(`stty cols ${terminal.cols} rows ${terminal.rows}\r`));
      terminal.focus();
    },
    sendBreak: async () => await sessionClient(session).serial.sendBreak(),
    scrollToEnd: () => terminal.scrollToBottom(),
    dispose: () => {
      sized.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", retheme);
      for (const one of [typed, bytes]) one.dispose();
      channel.close();
      terminal.dispose();
    },
  };
}

/** A terminal's Return key sends a carriage return. */
function pasted(text: string): Uint8Array {
  return new TextEncoder().encode(text.replaceAll(/\r?\n/g, "\r"));
}

/** What a guest prints may lead anywhere: a link opens outside, and only where it says http or https. */
function openLink(_event: MouseEvent, address: string): void {
  if (/^https?:/.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}
