import type { ConsoleReader, FoundText } from "../../autopilot/console/console-reader.ts";
import { describeExpected, type Expected } from "../../autopilot/console/console-view.ts";
import type { ConsoleReplay } from "./console-replay.ts";
import type { TrackedMatch } from "./console-track.ts";

type Judge = (expected: Expected, found: FoundText) => TrackedMatch;

/** Sequences of waits that are tried at the same time on one console, each as if it were the only one. */
interface WaitTrials {
  /** Looks for their next texts. @param judge makes the match of a sequence's last text */
  look(judge: Judge): void;
  /** The match of the last text of each. */
  matches(): readonly (TrackedMatch | undefined)[];
}

/** @param console has not found any of their texts yet; a sequence of several waits reads it with a fork */
export function createWaitTrials(
  sequences: readonly (readonly Expected[])[],
  console: Pick<ConsoleReplay, "reader" | "fork">,
): WaitTrials {
  const matches: (TrackedMatch | undefined)[] = sequences.map(() => undefined);
  const progress = new Map<number, { readonly reader: ConsoleReader; readonly next: number }>();
  const early = new Set<string>();
  const useless = new Set<number>();

  const lookAlone = (index: number, expected: Expected, judge: Judge) => {
    const found = console.reader.find(expected);
    if (!found) return;
    const match = judge(expected, found);
    matches[index] = match;
    if (match.isEarly) early.add(describeExpected(expected));
  };
  /** Whether the last text would match too early without the others: it came before them, or together with them. */
  const isUseful = (sequence: readonly Expected[]) =>
    sequence.slice(-1).some((last) => early.has(describeExpected(last)));
  const lookInOrder = (index: number, sequence: readonly Expected[], judge: Judge) => {
    for (;;) {
      const { reader, next } = progress.get(index) ?? { reader: console.reader, next: 0 };
      const expected = sequence[next];
      const found = expected === undefined ? undefined : reader.find(expected);
      if (expected === undefined || !found) return;
      if (next === 0 && !isUseful(sequence)) {
        useless.add(index);
        return;
      }
      if (next === sequence.length - 1) {
        matches[index] = judge(expected, found);
        return;
      }
      // The other sequences have not found it: it is old for this one only.
      const own = next === 0 ? console.fork() : reader;
      own.take(expected);
      progress.set(index, { reader: own, next: next + 1 });
    }
  };
  const each = (look: (index: number, sequence: readonly Expected[]) => void) => {
    for (const [index, sequence] of sequences.entries())
      if (!matches[index] && !useless.has(index)) look(index, sequence);
  };
  return {
    look: (judge) => {
      each((index, [expected, ...others]) => {
        if (expected !== undefined && others.length === 0) lookAlone(index, expected, judge);
      });
      each((index, sequence) => {
        if (sequence.length > 1) lookInOrder(index, sequence, judge);
      });
    },
    matches: () => matches,
  };
}
