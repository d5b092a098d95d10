import { guestActionRules } from "./guest-action-rules.ts";
import { guestKillRules } from "./guest-kill-rules.ts";
import { guestRetryRules } from "./guest-retry-rules.ts";
import type { GuestRule } from "./guest-rule.ts";
import { guestShellRules } from "./guest-shell-rules.ts";
import { guestTaskRules } from "./guest-task-rules.ts";

/** All rules for guest tools, in the order of the protocol. */
export const guestRules: readonly GuestRule[] = [
  ...guestTaskRules,
  ...guestRetryRules,
  ...guestActionRules,
  ...guestKillRules,
  ...guestShellRules,
];
