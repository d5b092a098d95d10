import headless, { type IMarker } from "@xterm/headless";
import { countedSequences, isTooMuch } from "../../../shared/text/counted-sequences.ts";
import type { Restore } from "../../async/rewindable.ts";
import type { ConsoleReader } from "./console-reader.ts";
import type { ConsoleRow, ConsoleView } from "./console-view.ts";

/** The size of the terminal for which guests take a serial console: they can't know it. */
const size = { cols: 80, rows: 25 } as const;
/** Rows that are kept of what has scrolled away. */
const keptRows = 1_000;
/** Rows behind a gap have numbers of their own, and so do those of a program's own screen. */
const gap = 1_000_000_000;
const ownScreen = 2 ** 50;

/** Shows a guest's output as a terminal does, for a reader. */
export interface SerialTerminal extends Disposable {
  /**
   * Takes output. Settles when the terminal shows it.
   *
   * @param onShown called after each piece of it, before the terminal shows the next: no text scrolls away unseen
   */
  write(bytes: Uint8Array, onShown?: () => void): Promise<void>;
  /** The rows that the terminal shows now, and those that are kept. */
  view(): ConsoleView;
  /** Remembers what it shows. @param output the output that has made it so */
  remember(output: string): Restore;
}

/** @param reader is told what the guest erases */
export function createSerialTerminal(reader: Pick<ConsoleReader, "erase">): SerialTerminal {
  const terminal = new headless.Terminal({ ...size, scrollback: keptRows, allowProposedApi: true });
  // Rows are numbered by a marker, which moves with the row that it is on.
  let marked: { readonly marker: IMarker | undefined; readonly row: number } | undefined;
  let firstRow = 0;
  let isReset = false;
  // The terminal's own decoder loses characters of three bytes that come byte by byte.
  const decoder = new TextDecoder();
  /** The rows of the last view, of which the first ones had scrolled away. */
  let seen: { first: number; rows: readonly ConsoleRow[]; scrolled: number } = {
    first: 0,
    rows: [],
    scrolled: 0,
  };
  const first = () => {
    const { active } = terminal.buffer;
    if (active.type === "alternate") return ownScreen;
    const { marker, row } = marked ?? {};
    // More than is kept may have come at once.
    if (isReset || marker?.isDisposed) firstRow += gap;
    else if (marker && row !== undefined) firstRow = row - marker.line;
    isReset = false;
    marker?.dispose();
    marked = { marker: terminal.registerMarker(0), row: firstRow + active.baseY + active.cursorY };
    return firstRow;
  };
  /** @param place in rows of the screen */
  const eraseBelow = ({ row, column }: { readonly row: number; readonly column: number }) => {
    const { active } = terminal.buffer;
    const start = first() + active.baseY;
    for (let at = row; at < size.rows; at += 1)
      reader.erase({ row: start + at, column: at === row ? column : 0 });
  };
  const cursor = () => {
    const { cursorX, cursorY } = terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  };
  const hooks = [
    ...countedSequences.map((sequence) => terminal.parser.registerCsiHandler(sequence, isTooMuch)),
    terminal.parser.registerCsiHandler({ final: "J" }, ([kind]) => {
      eraseBelow(kind === 0 ? cursor() : { row: 0, column: 0 });
      return false;
    }),
    terminal.parser.registerCsiHandler({ final: "K" }, ([kind]) => {
      const { row, column } = cursor();
      const { baseY } = terminal.buffer.active;
      reader.erase({ row: first() + baseY + row, column: kind === 0 ? column : 0 });
      return false;
    }),
    terminal.parser.registerEscHandler({ final: "c" }, () => {
      isReset = true;
      return false;
    }),
  ];
  return {
    write: async (bytes, onShown) => {
      const text = decoder.decode(bytes, { stream: true });
      for (const piece of piecesOf(text))
        terminal.write(piece, () => {
          first();
          onShown?.();
        });
      await new Promise<void>((resolve) => terminal.write("", resolve));
    },
    view: () => {
      const { active } = terminal.buffer;
      const start = first();
      const isSame = start >= seen.first && start < seen.first + seen.rows.length;
      const offset = isSame ? start - seen.first : 0;
      // Rows that had scrolled away when they were last seen can't change any more.
      const settled = isSame ? Math.max(0, Math.min(seen.scrolled - 1 - offset, active.length)) : 0;
      const rows = isSame ? seen.rows.slice(offset, offset + settled) : [];
      for (let index = settled; index < active.length; index += 1) {
        const row = {
          text: active.getLine(index)?.translateToString(true) ?? "",
          isWrapped: active.getLine(index + 1)?.isWrapped ?? false,
        };
        const before = isSame ? seen.rows[offset + index] : undefined;
        rows.push(before?.text === row.text && before.isWrapped === row.isWrapped ? before : row);
      }
      seen = { first: start, rows, scrolled: active.type === "alternate" ? 0 : active.baseY };
      const { row, column } = cursor();
      return { first: start, rows, cursor: { row: start + active.baseY + row, column } };
    },
    remember: (output) => {
      const { active } = terminal.buffer;
      const row = first() + active.baseY + active.cursorY;
      return async () => {
        terminal.reset();
        await new Promise<void>((resolve) => terminal.write(output, resolve));
        marked?.marker?.dispose();
        isReset = false;
        marked = { marker: terminal.registerMarker(0), row };
      };
    },
    [Symbol.dispose]: () => {
      for (const hook of hooks) hook.dispose();
      terminal.dispose();
    },
  };
}

/** Divides output so that no text of a piece has scrolled away when the piece is shown. */
function* piecesOf(text: string): Generator<string, void, void> {
  let start = 0;
  let rows = 0;
  for (let end = 0; end < text.length; ) {
    const line = text.indexOf("\n", end);
    const next = Math.min(line < 0 ? text.length : line + 1, end + size.cols);
    rows += 1;
    end = next;
    if (rows < keptRows - size.rows) continue;
    yield text.slice(start, end);
    [start, rows] = [end, 0];
  }
  if (start < text.length) yield text.slice(start);
}
