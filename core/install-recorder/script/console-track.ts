import type { FoundText } from "../../autopilot/console/console-reader.ts";
import type { Expected } from "../../autopilot/console/console-view.ts";
import type { OutputEntry } from "../cast/recording-entry.ts";
import { createConsoleReplay } from "./console-replay.ts";
import { createWaitTrials } from "./wait-trials.ts";

/** The times between which a text is waited for: when the input before it ended, and when the next began. Seconds. */
export interface WaitWindow {
  readonly from: number;
  readonly until: number;
}

/** A text that was waited for. */
export interface TrackedMatch {
  readonly at: number;
  /** Whether it is not the text that a person saw last before the input. */
  readonly isEarly: boolean;
}

/**
 * Follows one console of a recording as a person reads it, to whom all is old that was there at the last input, and as the
 * autopilot, to whom only that is old which was found. A wait is right if both find the same text.
 */
export interface ConsoleTrack extends Disposable {
  /** Takes an output, in order. */
  add(entry: OutputEntry): void;
  /** Reads on. @returns the lines that are new to the person at that time */
  readUntil(time: number): Promise<readonly string[]>;
  /**
   * Tries each of these sequences of waits by itself, after `readUntil`, and leaves all as it is. One of several waits is only tried
   * if its last text is among those that are tried alone, and would match too early without the others.
   *
   * @returns the match of the last text of each; undefined if it did not come in the window
   */
  tryEach(
    sequences: readonly (readonly Expected[])[],
    window: WaitWindow,
  ): Promise<readonly (TrackedMatch | undefined)[]>;
  /** Waits for these one after another, as the autopilot does, until the window's end. */
  waitFor(expected: readonly Expected[], window: WaitWindow): Promise<readonly (TrackedMatch | undefined)[]>;
  /** A person gives an input from now until that time. @param line the line that is typed; undefined for keys */
  input(line: string | undefined, end: number): Promise<void>;
  /** The last lines that it shows. */
  lastLines(count: number): readonly string[];
}

export function createConsoleTrack(): ConsoleTrack {
  const person = createConsoleReplay();
  const autopilot = createConsoleReplay();
  /** The autopilot's twin, whose waits have no consequences. */
  const trial = createConsoleReplay();
  const waiting: Record<"person" | "autopilot" | "trial", OutputEntry[]> = {
    ...{ person: [], autopilot: [], trial: [] },
  };
  const takeUntil = (who: keyof typeof waiting, time: number): readonly OutputEntry[] => {
    const later = waiting[who].findIndex((entry) => entry.time > time);
    return waiting[who].splice(0, later < 0 ? waiting[who].length : later);
  };
  const match = (expected: Expected, found: FoundText, at: number, from: number): TrackedMatch => {
    const last = person.reader.find(expected, true);
    // A text that is not there any more, but came after the input before, was there for the person, too.
    if (!last) return { at, isEarly: at === from };
    return { at, isEarly: last.row !== found.row || last.until !== found.until };
  };
  return {
    add: (entry) => {
      waiting.person.push(entry);
      waiting.autopilot.push(entry);
      waiting.trial.push(entry);
    },
    readUntil: async (time) => {
      await person.show(takeUntil("person", time));
      return person.reader.newLines();
    },
    tryEach: async (sequences, { from, until }) => {
      if (sequences.length === 0) return [];
      const trials = createWaitTrials(sequences, trial);
      const look = (time: number) =>
        trials.look((one, found) => match(one, found, Math.max(time, from), from));
      await autopilot.show(takeUntil("autopilot", from));
      await trial.show(takeUntil("trial", from));
      trial.reader.restore(autopilot.reader.state());
      look(from);
      await trial.show(takeUntil("trial", until), look);
      trial.dropForks();
      return trials.matches();
    },
    waitFor: async (expected, { from, until }) => {
      const matches: (TrackedMatch | undefined)[] = expected.map(() => undefined);
      let next = 0;
      const look = (time: number) => {
        for (let one = expected[next]; one !== undefined; one = expected[next]) {
          const found = autopilot.reader.find(one);
          if (!found) return;
          const isLast = next === expected.length - 1;
          const matched = match(one, found, Math.max(time, from), from);
          // Only the last text must be the one after which the person acted.
          matches[next] = isLast || !person.reader.find(one) ? matched : { ...matched, isEarly: false };
          autopilot.reader.take(one);
          next += 1;
        }
      };
      await autopilot.show(takeUntil("autopilot", from));
      look(from);
      await autopilot.show(takeUntil("autopilot", until), look);
      return matches;
    },
    input: async (line, end) => {
      person.reader.forget();
      if (line !== undefined) for (const { reader } of [person, autopilot]) reader.expectEcho(line);
      await person.show(takeUntil("person", end));
      await autopilot.show(takeUntil("autopilot", end));
      person.reader.forget();
    },
    lastLines: person.reader.lastLines,
    [Symbol.dispose]: () => {
      person[Symbol.dispose]();
      autopilot[Symbol.dispose]();
      trial[Symbol.dispose]();
    },
  };
}
