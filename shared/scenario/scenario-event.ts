/** An expectation that was compared with a run. */
export interface Check {
  /** The expectation in words. */
  readonly expectation: string;
  readonly passed: boolean;
  /** The value that the run had, in words. */
  readonly seen: string;
  /** The moment that decided, in milliseconds since the epoch, if there is one. */
  readonly at?: number | undefined;
  /** The exchange that decided. */
  readonly exchange?: number | undefined;
}

/** How many expectations the scenario of a run has, and how many of them were not met. */
export interface ExpectationCounts {
  readonly all: number;
  readonly unmet: number;
}

/** An event of the scenario of a run. */
export type ScenarioEvent = { readonly time: number } & (
  | { readonly type: "scenario-started"; readonly name: string; readonly seed: number }
  | ({ readonly type: "expectation-checked" } & Check)
  /** The run came to its end after it was asked to stop: the scenarios that were to follow do not start. */
  | { readonly type: "series-stopped" }
);
