import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal as Xterm } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { Searchable, SearchMatches } from "./search-bar.tsx";
import { terminalTheme } from "./terminal-theme.ts";

/** A terminal in a box, which it fills; all terminals of the window have the same text size. */
export interface Terminal extends Searchable {
  /** Shows what was printed; `consumed` is called when that was parsed. */
  write(bytes: Uint8Array, consumed: () => void): void;
  size(): TerminalSize;
  copy(): Promise<void>;
  /** Types the clipboard's text. */
  paste(): Promise<void>;
  /** Makes the text larger or smaller by so many pixels. */
  zoom(change: number): void;
  clear(): void;
  scrollToEnd(): void;
  focus(): void;
  dispose(): void;
}

interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface TerminalOptions {
  /** Takes what is typed. */
  readonly onTyped: (bytes: Uint8Array) => void;
  /** Nothing can be typed, and no cursor is shown. */
  readonly isReadOnly?: boolean;
  /** Called when another number of columns or rows fits in the box. */
  readonly onResize?: (size: TerminalSize) => void;
}

const storageKey = "tinsmith.serial-font-size";
const fontSizes = { least: 8, usual: 13, most: 32 };
/** Lines that can be scrolled back to. */
const scrollback = 20_000;

export function openTerminal(
  box: HTMLElement,
  { onTyped, isReadOnly = false, onResize }: TerminalOptions,
): Terminal {
  const terminal = new Xterm({
    allowProposedApi: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono"),
    fontSize: Number(localStorage.getItem(storageKey)) || fontSizes.usual,
    scrollback,
    theme: terminalTheme(isReadOnly),
    disableStdin: isReadOnly,
    screenReaderMode: false,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon(openLink)])
    terminal.loadAddon(addon);
  terminal.unicode.activeVersion = "11";

  terminal.attachCustomKeyEventHandler((event) => !isWindowKey(event));
  let matches: SearchMatches = { count: 0, current: 0 };
  const listeners = [
    search.onDidChangeResults(({ resultCount, resultIndex }) => {
      matches = { count: resultCount, current: resultIndex + 1 };
    }),
    terminal.onData((text) => onTyped(new TextEncoder().encode(text))),
    // Bytes that are no text, such as mouse reports, come as one character each.
    terminal.onBinary((text) => onTyped(Uint8Array.from(text, (one) => one.charCodeAt(0)))),
    terminal.onResize(({ cols, rows }) => onResize?.({ columns: cols, rows })),
  ];
  // A panel is made before it is in the window; a terminal that is opened there can't measure its letters.
  const sized = new ResizeObserver(() => {
    if (box.clientWidth === 0) return;
    if (!terminal.element) terminal.open(box);
    fit.fit();
  });
  sized.observe(box);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const retheme = () => {
    terminal.options.theme = terminalTheme(isReadOnly);
  };
  const themed = new MutationObserver(retheme);
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", retheme);

  return {
    write: (bytes, consumed) => terminal.write(bytes, consumed),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    copy: () => navigator.clipboard.writeText(terminal.getSelection()),
    paste: async () => onTyped(pasted(await navigator.clipboard.readText())),
    zoom: (change) => {
      const size = (terminal.options.fontSize ?? fontSizes.usual) + change;
      terminal.options.fontSize = Math.min(fontSizes.most, Math.max(fontSizes.least, size));
      localStorage.setItem(storageKey, `${terminal.options.fontSize}`);
      fit.fit();
    },
    clear: () => terminal.clear(),
    find: (text, direction) => {
      const options = { decorations: searchColours(isReadOnly) };
      if (direction === "next") search.findNext(text, options);
      else search.findPrevious(text, options);
      return matches;
    },
    endSearch: () => {
      search.clearDecorations();
      terminal.focus();
    },
    scrollToEnd: () => terminal.scrollToBottom(),
    focus: () => terminal.focus(),
    dispose: () => {
      sized.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", retheme);
      for (const listener of listeners) listener.dispose();
      terminal.dispose();
    },
  };
}

/** Keys that are the window's and not the terminal's, so that there is a way out of it from the keyboard. */
function isWindowKey({ key, ctrlKey, shiftKey }: KeyboardEvent): boolean {
  return key === "F6" || (ctrlKey && shiftKey);
}

/** The colours of what a search has found, and of the one that is shown; they must have the form #RRGGBB. */
function searchColours(isReadOnly: boolean) {
  const { yellow = "", blue = "" } = terminalTheme(isReadOnly);
  return {
    matchBorder: yellow,
    matchOverviewRuler: yellow,
    activeMatchBorder: blue,
    activeMatchBackground: blue,
    activeMatchColorOverviewRuler: blue,
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
