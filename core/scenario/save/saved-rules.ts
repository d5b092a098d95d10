import type { Rule } from "../../../shared/rules/rule.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { addedLater } from "./added-later.ts";
import type { RecordedExchanges } from "./recorded-exchanges.ts";
import { type AddedRule, rulesAdded } from "./rules-added.ts";

/** The rules of a session that are rules of its scenario, too. */
export interface SavedRules {
  readonly rules: readonly Rule[];
  /** The seed of the session's rules; undefined if it had none. */
  readonly seed: number | undefined;
  /** The parts of them that the scenario does not have, a sentence each. */
  readonly leftOut: readonly string[];
}

/** Makes the rules of a scenario of those that a session has had, from its start or later. */
export function savedRules(events: readonly SessionEvent[], exchanges: RecordedExchanges): SavedRules {
  const added = rulesAdded(events);
  // Each rule of a scenario must apply.
  const used = added.filter(({ rule, hits }) => hits.length > 0 || rule.when.probability !== undefined);
  const holding = used.filter(holds).map(({ rule }) => rule.name);
  const rules: Rule[] = [];
  const leftOut = [...new Set(holding)].map((name) => describeHolding(name, events));
  for (const one of used.filter((rule) => !holds(rule))) {
    const { name } = one.rule;
    const { when, isLost } = addedLater(one, events, exchanges);
    rules.push({ ...one.rule, name: freeName(name, rules), when, times: timesOf(one) });
    if (one.isArmed)
      leftOut.push(
        `It is left out that the rule "${name}" was armed again: in the scenario it applies to its messages without a pause.`,
      );
    if (isLost)
      leftOut.push(
        `It is left out that the rule "${name}" was added while the session ran: in the scenario it is there from the start, so it can apply to earlier messages.`,
      );
  }
  return { rules, seed: events.find((event) => event.type === "rule-added")?.seed, leftOut };
}

function holds({ rule: { steps } }: AddedRule): boolean {
  return steps.some((step) => step.hold);
}

/** A scenario can neither arm a rule again nor remove it: the rule applies to as many messages in a row. */
function timesOf({ rule: { times }, hits, isArmed, isReplaced }: AddedRule): Rule["times"] {
  if (hits.length === 0) return times;
  return isReplaced || (isArmed && times !== "always") ? hits.length : times;
}

/** The name of a rule, with a number if one before has it: the session had removed that one. */
function freeName(name: string, before: readonly Rule[]): string {
  const isTaken = (wanted: string) => before.some((rule) => rule.name === wanted);
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name.slice(0, 90)} (${number})`;
  return free;
}

/** Says why a rule is left out, and what a person has done with the messages that it held. */
function describeHolding(name: string, events: readonly SessionEvent[]): string {
  const held = events.flatMap((event) =>
    event.type === "message-held" && event.rule === name ? event.held : [],
  );
  const released = events.flatMap((event) =>
    event.type === "message-released" && held.includes(event.held) ? event.release : [],
  );
  const ends = Map.groupBy(released, (release) => release).entries();
  const counts = [...ends].map(([release, { length }]) => `${length} ${release}`).join(", ");
  const what = counts === "" ? "" : ` Released: ${counts}.`;
  return `The rule "${name}" is left out: it holds messages until a person releases them.${what}`;
}
