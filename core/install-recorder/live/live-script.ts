import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { RecordedScript, RecordingEdit } from "../../../shared/recorder/recorded-step.ts";
import { createEntryCollector } from "../cast/recording.ts";
import type { RecordingEntry } from "../cast/recording-entry.ts";
import { createScriptBuilder, type ScriptBuilder } from "../script/script-builder.ts";
import { chosenWaits, presentScript, shownLines } from "../script/script-of.ts";

/** The script of a recording that grows. */
export interface LiveScript extends Disposable {
  /** Takes what has happened, in any order; its part until `horizon` is complete. Seconds */
  add(entries: readonly RecordingEntry[], horizon: number): void;
  /** Reads the whole file again: a wait was changed, or the guest went back. */
  readAgain(): void;
  /** Settles with the script of all that was taken before. It lets other work pass meanwhile. */
  settled(): Promise<RecordedScript>;
}

/** @param start of the recording, in milliseconds since the epoch */
export function createLiveScript(path: string, start: number): LiveScript {
  let waiting: RecordingEntry[] = [];
  let horizon = 0;
  let edits: readonly RecordingEdit[] = [];
  let shown: ReadonlyMap<string, string> = new Map();
  let builder: ScriptBuilder = createScriptBuilder(chosenWaits(edits));
  let isOld = false;
  let working: Promise<unknown> = Promise.resolve();

  const pass = () => {
    const ready = waiting.filter(({ time }) => time <= horizon);
    waiting = waiting.filter(({ time }) => time > horizon);
    for (const entry of ready.toSorted((one, other) => one.time - other.time)) builder.add(entry);
  };
  const note = (entries: readonly RecordingEntry[]) => {
    edits = [...edits, ...entries.flatMap((entry) => (entry.kind === "edit" ? [entry.edit] : []))];
    shown = new Map([...shown, ...shownLines(entries)]);
  };
  const read = async () => {
    isOld = false;
    // Those that come from now on are not taken from the file.
    waiting = [];
    const collector = createEntryCollector(start);
    const input = createReadStream(path, { end: statSync(path).size - 1 });
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) collector.add(line);
    return collector.entries();
  };
  const work = async (): Promise<RecordedScript> => {
    while (isOld) {
      const entries = await read();
      edits = [];
      shown = new Map();
      note(entries);
      note(waiting);
      builder[Symbol.dispose]();
      builder = createScriptBuilder(chosenWaits(edits));
      waiting = [...entries, ...waiting];
    }
    pass();
    const steps = await builder.settled();
    return isOld ? work() : presentScript(steps, edits, shown);
  };
  return {
    add: (entries, until) => {
      note(entries);
      waiting.push(...entries);
      horizon = until;
    },
    readAgain: () => {
      isOld = true;
    },
    settled: () => {
      const done = working.then(work);
      working = done.catch(() => {});
      return done;
    },
    [Symbol.dispose]: () => void working.then(() => builder[Symbol.dispose]()),
  };
}
