import type { ScenarioResult } from "../../shared/scenario/scenario-result.ts";
import type { ScenarioSeries } from "../../shared/scenario/scenario-series.ts";

/** The record of each run has the names and results of all: of more runs it would be long. */
const mostRuns = 200;

/** How far scenarios have come that run one after another. */
export interface SeriesProgress {
  /** The place of the next run; undefined for a single one, and if there are too many. */
  next(): ScenarioSeries | undefined;
  /** A run has ended with this result. */
  add(result: Pick<ScenarioResult, "session" | "passed">): void;
}

/** @param names of the scenarios, in their order */
export function createSeriesProgress(names: readonly string[]): SeriesProgress {
  const earlier: ScenarioSeries["earlier"] = [];
  const isTold = names.length > 1 && names.length <= mostRuns;
  return {
    next: () => (isTold ? { names: [...names], earlier: [...earlier] } : undefined),
    add: ({ session, passed }) => void earlier.push({ session, passed }),
  };
}
