import type { ErrorData } from "../errors/error-data.ts";
import type { Finding } from "../guest/finding.ts";
import type { Check } from "./scenario-event.ts";

/** A run of a scenario, and what came of its expectations. */
export interface ScenarioResult {
  /** The scenario's file. */
  readonly file: string;
  readonly name: string;
  readonly session: string;
  /** With it, the rules apply to the same messages again. */
  readonly seed: number;
  readonly passed: boolean;
  /** From the guest tools' first request to the end. Milliseconds. */
  readonly duration: number;
  readonly checks: readonly TimedCheck[];
  /** Problems that Tinsmith has found in its exchanges, also if all expectations were met. */
  readonly findings: readonly TimedFinding[];
}

/** A run of a scenario that ended without a result: it was interrupted, or this host had trouble. */
export interface BrokenRun extends Pick<ScenarioResult, "file" | "name" | "seed"> {
  readonly error: ErrorData;
}

/** A check with its place on the run's axis. */
export type TimedCheck = Omit<Check, "at"> & {
  /** Milliseconds after the guest tools' first request. */
  readonly after?: number | undefined;
};

/** A finding with its exchange and its place on the run's axis. */
export interface TimedFinding extends Finding {
  readonly exchange: number;
  /** Milliseconds after the guest tools' first request. */
  readonly after?: number | undefined;
}
