import type { SessionSummary } from "../session/session-summary.ts";
import type { RoundOutcome } from "./round-outcome.ts";
import { isNews, markOf } from "./round-words.ts";

/** A changed verdict of a watch, of which a person is told. */
export interface WatchNews {
  /** The session that shows it. */
  readonly session: string;
  readonly title: string;
  readonly text: string;
}

/** Finds the changed verdicts in the lists of sessions, one after another. Those of the first list are not news. */
export function createWatchNews(): (all: readonly SessionSummary[]) => readonly WatchNews[] {
  const outcomes = new Map<string, RoundOutcome>();
  let isFirst = true;
  return (all) => {
    const found: WatchNews[] = [];
    for (const { id, watch, title } of all) {
      const newest = watch?.outcomes.at(-1);
      const before = outcomes.get(id);
      if (!newest || isSameVerdict(before, newest)) continue;
      outcomes.set(id, newest);
      if (isFirst || !isNews(before, newest)) continue;
      const { session = id, text } = newest;
      found.push({ session, title: `${title}: ${markOf(newest)}`, text });
    }
    isFirst = false;
    return found;
  };
}

function isSameVerdict(one: RoundOutcome | undefined, other: RoundOutcome): boolean {
  return one?.round === other.round && one.kind === other.kind;
}
