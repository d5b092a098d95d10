import { parseEvent, type RecordingEntry } from "./recording-entry.ts";
import { parseHeader } from "./recording-header.ts";

/** An installation that was recorded, in the order in which it happened; without what a guest that went back has undone. */
export interface Recording {
  readonly entries: readonly RecordingEntry[];
}

/** A recording that was read from a file. */
export interface ReadRecording extends Recording {
  /** Notes for the person about what the file lacks. */
  readonly notes: readonly string[];
}

/** Collects the entries of a recording in the order in which its file has them. */
export function createEntryCollector(start: number) {
  let entries: RecordingEntry[] = [];
  let typed: { readonly at: number; readonly epoch: number } | undefined;
  return {
    /** @returns whether the line was an event */
    add: (line: string): boolean => {
      const event = parseEvent(line);
      if (!event) return false;
      if (event === "ignored") return true;
      const { time } = event;
      if ("output" in event) entries.push({ kind: "output", time, text: event.output });
      else if ("input" in event) {
        const { at, epoch } = typed ?? { at: time, epoch: start + time * 1000 };
        typed = undefined;
        const input = { console: "serial", text: event.input } as const;
        entries.push({ kind: "input", time: at, epoch, input });
      } else if (event.own.kind === "typed") typed = event.own;
      else if (event.own.kind === "back") {
        const { to } = event.own;
        entries = entries.filter((entry) => entry.time <= to);
      } else if ("at" in event.own) {
        const { at, ...own } = event.own;
        entries.push({ ...own, time: at });
      } else entries.push({ ...event.own, time });
      return true;
    },
    /** In the order in which they happened: inputs are written later. */
    entries: (): readonly RecordingEntry[] => entries.toSorted((one, other) => one.time - other.time),
  };
}

/**
 * Reads a recording: an asciicast of version 2. Its last line may be cut, because its writer was killed.
 *
 * @throws AppError `usage` when it is another file
 */
export function parseRecording(marked: string, name: string): ReadRecording {
  // Some editors put a byte order mark before the text.
  const text = marked.replace(/^\ufeff/, "");
  const { timestamp = 0 } = parseHeader(text, name);
  const lines = text.split("\n");
  const collector = createEntryCollector(timestamp * 1000);
  const damaged: number[] = [];
  for (const [index, line] of lines.entries())
    if (index > 0 && line.trim() !== "" && !collector.add(line)) damaged.push(index + 1);
  // The line behind the last line end is not complete.
  const isCut = damaged.at(-1) === lines.length;
  if (isCut) damaged.pop();
  const entries = collector.entries();
  const notes = [
    ...(damaged.length > 0 ? [describeDamage(name, damaged)] : []),
    ...(isCut ? [`${name} ends in the middle of a line, which is left out: its writer was killed.`] : []),
    ...(entries.some(({ kind }) => kind === "input" || kind === "hidden") ? [] : [withoutInput(name)]),
  ];
  return { entries, notes };
}

/** So many numbers of damaged lines are named. */
const namedLines = 5;

function describeDamage(name: string, lines: readonly number[]): string {
  const numbers = lines.slice(0, namedLines).join(", ");
  const others = lines.length > namedLines ? `, and ${lines.length - namedLines} others` : "";
  return lines.length === 1
    ? `Line ${numbers} of ${name} is damaged, and left out. The steps are checked against the rest.`
    : `${lines.length} lines of ${name} are damaged, and left out: ${numbers}${others}. The steps are checked against the rest.`;
}

function withoutInput(name: string): string {
  return `${name} has no input: it can't show which waits match too early. asciinema records it with asciinema rec --stdin.`;
}
