import type { ProtocolRule } from "../../../shared/conformance/conformance.ts";
import type { ScenarioInput } from "../../../shared/scenario/scenario.ts";
import { guestActionRules } from "./guest-action-rules.ts";
import { guestKillRules } from "./guest-kill-rules.ts";
import { guestRetryRules } from "./guest-retry-rules.ts";
import { guestShellRules } from "./guest-shell-rules.ts";
import { guestTaskRules } from "./guest-task-rules.ts";

/** A rule that guest tools keep, and a run in which they would break it. */
export interface GuestRule extends ProtocolRule {
  readonly scenario: Omit<ScenarioInput, "name">;
}

/** All rules for guest tools, in the order of the protocol. */
export const guestRules: readonly GuestRule[] = [
  ...guestTaskRules,
  ...guestRetryRules,
  ...guestActionRules,
  ...guestKillRules,
  ...guestShellRules,
];
