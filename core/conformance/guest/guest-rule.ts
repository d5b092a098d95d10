import type { ProtocolRule } from "../../../shared/conformance/conformance.ts";
import type { ScenarioInput } from "../../../shared/scenario/scenario.ts";

type Expected = NonNullable<ScenarioInput["expect"]>[number];

/** A rule that guest tools keep, and a run in which they would break it. */
export interface GuestRule extends ProtocolRule {
  /** Its time-out begins at the guest tools' first request. */
  readonly scenario: Omit<ScenarioInput, "name">;
  /** Without it the rule is not tested: a slow guest does not break it. Default: a request for the task. */
  readonly needs?: Expected;
}

/** The run has shown something of the rule only if the guest tools got so far. */
export function neededFor({ needs = { exchanges: { endpoint: "execute" } } }: GuestRule): Expected {
  return needs;
}
