import type { RuleResult } from "../../../shared/conformance/conformance.ts";
import { describeFailure } from "../../../shared/scenario/describe-result.ts";
import { scenarioSchema } from "../../../shared/scenario/scenario.ts";
import { runScenario, type ScenarioContext, type ScenarioGuest } from "../../scenario/run-scenario.ts";
import { removeSession } from "../../session-record/session-cleanup.ts";
import { sessionPaths } from "../../storage/paths.ts";
import type { GuestRule } from "./guest-rules.ts";

/** The seed of the rules: none of them has a probability. */
const seed = 1;

/** Seconds in which a rule must be kept, if it has no limit of its own. */
const usualTimeout = 30;

/** Long enough to see that a shell sends more than it may; see `runInShell`. Milliseconds. */
const unconsumedTime = 1_000;

/** Checks whether guest tools keep rules, one after another. @throws AppError as `runScenario` does */
export async function* checkGuestRules(
  rules: readonly GuestRule[],
  guest: ScenarioGuest,
  context: ScenarioContext,
): AsyncGenerator<RuleResult, void> {
  for (const rule of rules) yield await checkGuest(rule, guest, context);
}

/**
 * Checks whether guest tools keep a rule, in a session of its own, which is deleted if they do: the many of them would
 * take the places of the sessions that a person wants to keep.
 *
 * @throws AppError as `runScenario` does
 */
export async function checkGuest(
  { scenario, ...rule }: GuestRule,
  guest: ScenarioGuest,
  context: ScenarioContext,
): Promise<RuleResult> {
  const parsed = scenarioSchema.parse({
    name: `${rule.id}: ${rule.sentence}`,
    timeout: usualTimeout,
    ...scenario,
  });
  const { passed, checks, session } = await runScenario(
    { file: rule.id, scenario: parsed, seed, guest },
    { ...context, unconsumedTime },
  );
  if (passed) removeSession(sessionPaths(context.paths, session));
  const failures = checks.filter((check) => !check.passed);
  const seen = failures.map((check) => describeFailure(check).join("; ")).join("\n");
  return { ...rule, result: passed ? "kept" : "broken", ...(passed ? {} : { seen }) };
}
