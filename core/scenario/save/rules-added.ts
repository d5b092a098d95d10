import type { Rule } from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";

/** A message that a rule applied to. */
export interface RecordedHit {
  readonly event: Extract<RuleEvent, { type: "rule-hit" }>;
  /** The index of that event. */
  readonly at: number;
}

/** A rule as it was added to a session. One that is removed and added again is another one. */
export interface AddedRule {
  readonly rule: Rule;
  /** Whether the session had exchanges before. */
  readonly isLate: boolean;
  readonly hits: readonly RecordedHit[];
  /** Whether it was armed again. */
  readonly isArmed: boolean;
  /** Whether another rule was added under its name, after it was removed. */
  readonly isReplaced: boolean;
}

/** The rules that a session has had, in the order in which they were added. */
export function rulesAdded(events: readonly SessionEvent[]): readonly AddedRule[] {
  const added: { rule: Rule; isLate: boolean; hits: RecordedHit[]; isArmed: boolean; isReplaced: boolean }[] =
    [];
  const ofName = (name: string) => added.findLast(({ rule }) => rule.name === name);
  let isLate = false;
  for (const [at, event] of events.entries()) {
    if (event.type === "exchange-started") isLate = true;
    if (event.type === "rule-hit") ofName(event.rule)?.hits.push({ event, at });
    if (event.type !== "rule-armed" && event.type !== "rule-added") continue;
    const before = ofName(typeof event.rule === "string" ? event.rule : event.rule.name);
    if (before && event.type === "rule-armed") before.isArmed = true;
    if (event.type !== "rule-added") continue;
    if (before) before.isReplaced = true;
    added.push({ rule: event.rule, isLate, hits: [], isArmed: false, isReplaced: false });
  }
  return added;
}
