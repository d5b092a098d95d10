import type { ProtocolRule, RuleResult } from "../../../shared/conformance/conformance.ts";
import { isTimeout } from "./read-response.ts";
import { serviceActionRules } from "./service-action-rules.ts";
import type { ServiceClient } from "./service-client.ts";
import { serviceClientRules } from "./service-client-rules.ts";
import { servicePollRules } from "./service-poll-rules.ts";
import { serviceReplyRules } from "./service-reply-rules.ts";
import type { AskForAction, ServiceRule } from "./service-rule.ts";
import { serviceShellRules } from "./service-shell-rules.ts";
import { serviceResultRules, serviceTaskRules } from "./service-task-rules.ts";

/** All rules for MetaServices. Those about the result come last, since a service may end with it. */
export const serviceRules: readonly ServiceRule[] = [
  ...serviceTaskRules,
  ...serviceClientRules,
  ...servicePollRules,
  ...serviceActionRules,
  ...serviceReplyRules,
  ...serviceShellRules,
  ...serviceResultRules,
];

/**
 * Checks whether a MetaService keeps rules, one after another. Those that only wait begin before the others, the ones that need
 * an action first: a poll that waits would take it.
 *
 * @returns the results, in the order of the rules
 */
export async function* checkServiceRules(
  rules: readonly ServiceRule[],
  service: ServiceClient,
  ask?: AskForAction,
): AsyncGenerator<RuleResult, void> {
  const waiting = new Map<string, Promise<RuleResult>>();
  const patient = rules.filter(({ onlyWaits }) => onlyWaits);
  for (const rule of patient.toSorted((one, other) => needOf(other) - needOf(one))) {
    const begun = Promise.withResolvers<void>();
    const result = checkService(rule, service, ask, begun.resolve);
    waiting.set(rule.id, result);
    await Promise.race([begun.promise, result]);
  }
  for (const rule of rules)
    yield service.isSilent()
      ? notTested(rule, "the check ended early: several requests in a row got no answer")
      : await (waiting.get(rule.id) ?? checkService(rule, service, ask));
}

const needOf = ({ needsActions }: ServiceRule) => (needsActions ? 1 : 0);

/** Checks whether a MetaService keeps a rule. @param ask without it, rules about actions are not tested */
async function checkService(
  rule: ServiceRule,
  service: ServiceClient,
  ask?: AskForAction,
  onWaiting: () => void = () => {},
): Promise<RuleResult> {
  const { check, needsActions, needsPort } = rule;
  if (needsActions && !ask) return notTested(rule, "add --act, which asks the service for actions");
  if (needsPort && !service.hasPort) return notTested(rule, "a browser can't reach a socket: give a URL");
  const seen = await check(service, ask ?? (() => Promise.resolve("")), onWaiting).catch((error) =>
    describeError(error),
  );
  return { ...protocolRule(rule), result: seen === undefined ? "kept" : "broken", seen };
}

function notTested(rule: ServiceRule, seen: string): RuleResult {
  return { ...protocolRule(rule), result: "not-tested", seen };
}

function protocolRule({ id, sentence, source, kind }: ServiceRule): ProtocolRule {
  return { id, sentence, source, kind };
}

function describeError(error: unknown): string {
  if (isTimeout(error)) return "no answer in time";
  return `no answer that makes sense: ${(error as Error).message.split("\n")[0]}`;
}
