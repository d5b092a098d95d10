import { AppError } from "../../../shared/errors/errors.ts";
import { parseEvent, type RecordingEntry } from "./recording-entry.ts";

/** An installation that was recorded, in the order in which it happened; without what a guest that went back has undone. */
export interface Recording {
  readonly entries: readonly RecordingEntry[];
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
export function parseRecording(text: string, name: string): Recording {
  const [header = "", ...lines] = text.split("\n");
  const { version, timestamp } = headerOf(header) ?? {};
  if (version !== 2) throw notRecording(name);
  const collector = createEntryCollector((timestamp ?? 0) * 1000);
  for (const line of lines) collector.add(line);
  return { entries: collector.entries() };
}

function headerOf(line: string): { readonly version?: number; readonly timestamp?: number } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function notRecording(name: string): AppError {
  return new AppError({
    code: "usage",
    message: `${name} is not a recording of an installation`,
    advice: "Give an install.cast, which is an asciicast of version 2.",
  });
}
