import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal as Xterm } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { fontSizes } from "../../../shared/app/window-state.ts";
import { countedSequences, isTooMuch } from "../../../shared/text/counted-sequences.ts";
import { fontsLoaded } from "../../fonts.ts";
import { settings } from "../../state/connection/app-state.ts";
import { remember, windowState } from "../../state/connection/window-state.ts";
import type { Searchable, SearchMatches } from "./search-bar.tsx";
import { watchAnswers } from "./terminal-answers.ts";
import { terminalTheme } from "./terminal-theme.ts";

/** A terminal in a box, which it fills; all terminals of the window have the same text size. */
export interface Terminal extends Searchable {
  /** Shows output; `consumed` is called when it was parsed. */
  write(bytes: Uint8Array, consumed: () => void): void;
  size(): TerminalSize;
  /** Copies the selection; without one, the clipboard stays as it is. */
  copy(): Promise<void>;
  /** Types the clipboard's text, marked as pasted for programs that want that. */
  paste(): Promise<void>;
  /** Makes the text larger or smaller by this many pixels. */
  zoom(change: number): void;
  clear(): void;
  scrollToEnd(): void;
  /** Sets whether a person can type, for which a cursor is shown. */
  setReadOnly(isReadOnly: boolean): void;
  /** Takes the focus, as soon as the terminal is in its box. */
  focus(): void;
  dispose(): void;
}

interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface TerminalOptions {
  /** Takes the person's input. */
  readonly onTyped: (bytes: Uint8Array) => void;
  /** Takes answers that the terminal gives by itself to queries in the output. */
  readonly onAnswer: (bytes: Uint8Array) => void;
  /** Whether nothing can be typed at first. */
  readonly isReadOnly?: boolean;
  /** Called with the selected text when it changes. */
  readonly onSelect?: (text: string) => void;
  /** Called when another number of columns or rows fits in the box. */
  readonly onResize?: (size: TerminalSize) => void;
}

/** Lines that can be scrolled back to. */
const scrollback = 20_000;

export function openTerminal(
  box: HTMLElement,
  { onTyped, onAnswer, isReadOnly: isReadOnlyAtFirst = false, onSelect, onResize }: TerminalOptions,
): Terminal {
  let isReadOnly = isReadOnlyAtFirst;
  const fontFamily = getComputedStyle(document.documentElement).getPropertyValue("--font-mono");
  const terminal = new Xterm({
    allowProposedApi: true,
    fontFamily,
    fontSize: windowState.getState().fontSize ?? fontSizes.usual,
    scrollback,
    theme: terminalTheme(isReadOnly),
    disableStdin: isReadOnly,
    screenReaderMode: readsScreen(),
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon(openLink)])
    terminal.loadAddon(addon);
  terminal.unicode.activeVersion = "11";

  terminal.attachCustomKeyEventHandler((event) => !isWindowKey(event));
  for (const sequence of countedSequences) terminal.parser.registerCsiHandler(sequence, isTooMuch);
  const isAnswer = watchAnswers(terminal);
  let matches: SearchMatches = { count: 0, current: 0 };
  const listeners = [
    search.onDidChangeResults(({ resultCount, resultIndex }) => {
      matches = { count: resultCount, current: resultIndex + 1 };
    }),
    terminal.onData((text) => (isAnswer() ? onAnswer : onTyped)(new TextEncoder().encode(text))),
    // Bytes that are not text, such as mouse reports, come as one character each.
    terminal.onBinary((text) => onTyped(Uint8Array.from(text, (one) => one.charCodeAt(0)))),
    terminal.onSelectionChange(() => onSelect?.(terminal.getSelection())),
    terminal.onResize(({ cols, rows }) => onResize?.({ columns: cols, rows })),
  ];
  let isInSight = false;
  let wantsFocus = false;
  const fitInSight = () => {
    if (isInSight) fit.fit();
  };
  // The terminal learns by an observer of its own, made earlier, that it is visible; until then it takes a new size
  // only by half, and would scroll away from the end.
  const seen = new IntersectionObserver((entries) => {
    isInSight = entries.at(-1)?.isIntersecting ?? false;
    fitInSight();
  });
  // A panel is made before it is in the window; a terminal that is opened there can't measure its letters.
  const sized = new ResizeObserver(() => {
    if (box.clientWidth === 0) return;
    if (!terminal.element) {
      terminal.open(box);
      seen.observe(box);
      if (wantsFocus) terminal.focus();
    }
    fitInSight();
  });
  sized.observe(box);
  let isOpen = true;
  void fontsLoaded.then(() => {
    if (!isOpen) return;
    // A terminal measures its letters once for each new font: a font that was loaded late has been set too early.
    terminal.options.fontFamily = "monospace";
    terminal.options.fontFamily = fontFamily;
    fitInSight();
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const retheme = () => {
    terminal.options.theme = terminalTheme(isReadOnly);
  };
  const themed = new MutationObserver(retheme);
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", retheme);

  const unsubscribe = settings.subscribe(() => {
    terminal.options.screenReaderMode = readsScreen();
  });

  return {
    write: (bytes, consumed) => terminal.write(bytes, consumed),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    copy: async () => {
      if (terminal.hasSelection()) await navigator.clipboard.writeText(terminal.getSelection());
    },
    paste: async () => terminal.paste(await navigator.clipboard.readText()),
    zoom: (change) => {
      const size = (terminal.options.fontSize ?? fontSizes.usual) + change;
      const fontSize = Math.min(fontSizes.most, Math.max(fontSizes.least, size));
      terminal.options.fontSize = fontSize;
      remember({ fontSize });
      fitInSight();
    },
    clear: () => terminal.clear(),
    find: (text, direction) => {
      const options = { decorations: searchColours(isReadOnly), incremental: direction === "here" };
      if (direction === "previous") search.findPrevious(text, options);
      else search.findNext(text, options);
      return matches;
    },
    endSearch: () => search.clearDecorations(),
    setReadOnly: (now) => {
      isReadOnly = now;
      terminal.options.disableStdin = now;
      retheme();
    },
    scrollToEnd: () => terminal.scrollToBottom(),
    focus: () => {
      wantsFocus = !terminal.element;
      terminal.focus();
    },
    dispose: () => {
      isOpen = false;
      sized.disconnect();
      seen.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", retheme);
      unsubscribe();
      for (const listener of listeners) listener.dispose();
      terminal.dispose();
    },
  };
}

function readsScreen(): boolean {
  return settings.getState().value?.screenReader ?? false;
}

/** Keys that are the window's and not the terminal's, so that there is a way out of it from the keyboard. */
function isWindowKey({ key, ctrlKey, shiftKey }: KeyboardEvent): boolean {
  return key === "F6" || (ctrlKey && shiftKey);
}

/** The colours of matches of a search, and of the one that is shown; they must have the form #RRGGBB. */
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

/** The guest's output may contain any link: one opens outside, and only where it says http or https. */
function openLink(_event: MouseEvent, address: string): void {
  if (/^https?:/.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}
