import type { Rule } from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import type { Report } from "../../session-record/report.ts";
import { createHeldMessages, type HeldMessages } from "./held-messages.ts";
import { createRuleSet, type RuleSet } from "./rule-set.ts";

/** The rules of a session, and the messages that they hold; also when it has several MetaServices one after another. */
export interface SessionRules {
  readonly rules: RuleSet;
  readonly held: HeldMessages;
  readonly report: Report<RuleEvent>;
}

export interface SessionRulesOptions {
  readonly report: Report<RuleEvent>;
  /** The rules from the start on. */
  readonly rules?: readonly Rule[] | undefined;
  readonly seed?: number | undefined;
  /** See `HeldMessagesOptions`. */
  readonly waitsForWindow?: boolean | undefined;
  /** See `HeldMessagesOptions`. */
  readonly letsRun?: boolean | undefined;
}

/** @throws AppError `usage` when two rules have one name */
export function createSessionRules({
  report,
  rules: first = [],
  seed,
  waitsForWindow = false,
  letsRun = false,
}: SessionRulesOptions): SessionRules {
  const rules = createRuleSet(report, seed);
  const held = createHeldMessages({ report, waitsForWindow, letsRun });
  rules.onRemove(held.releaseOf);
  rules.add(first);
  return { rules, held, report };
}
