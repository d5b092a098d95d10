import { formatDuration } from "../text/format.ts";
import type { ScenarioResult, TimedCheck } from "./scenario-result.ts";

/** Describes a run of a scenario in lines: its result, and for each expectation that was not met what was seen, and when. */
export function describeResult(result: ScenarioResult): readonly string[] {
  const { name, passed, duration, session, checks } = result;
  return [
    `${passed ? "passed" : "FAILED"}: ${name} (${formatDuration(duration)}, session ${session})`,
    ...checks
      .filter((check) => !check.passed)
      .flatMap((check) => describeFailure(check).map((line) => `  ${line}`)),
    ...(passed ? [] : [`  seed: ${result.seed}`]),
  ];
}

/** Describes an expectation that was not met, in two lines. */
export function describeFailure({ expectation, seen, after, exchange }: TimedCheck): readonly string[] {
  const places = [
    after !== undefined && `${formatDuration(after)} after the guest tools' first request`,
    exchange !== undefined && `exchange ${exchange}`,
  ].filter((place) => place !== false);
  return [`expected: ${expectation}`, `seen: ${seen}${places.length > 0 ? ` (${places.join(", ")})` : ""}`];
}
