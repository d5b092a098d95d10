import type { RuleResult } from "../../../shared/conformance/conformance.ts";
import { describeFailure } from "../../../shared/scenario/describe-result.ts";
import { scenarioSchema } from "../../../shared/scenario/scenario.ts";
import { runScenario, type ScenarioContext, type ScenarioGuest } from "../../scenario/run-scenario.ts";
import { removeSession } from "../../session-record/session-cleanup.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { type GuestRule, neededFor } from "./guest-rule.ts";

/** The seed of the rules: none of them has a probability. */
const seed = 1;

/** Seconds in which a rule must be kept, if it has no limit of its own. */
const usualTimeout = 30;

/** Seconds that guest tools may take to make their first request, which begins the time of a rule. */
const startTimeout = 120;

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
  rule: GuestRule,
  guest: ScenarioGuest,
  context: ScenarioContext,
): Promise<RuleResult> {
  const { id, sentence, source, kind, scenario } = rule;
  const needed = neededFor(rule);
  const parsed = scenarioSchema.parse({
    name: `${id}: ${sentence}`,
    timeout: usualTimeout,
    ...scenario,
    expect: [needed, ...(scenario.expect ?? [])],
  });
  const { passed, checks, session } = await runScenario(
    { file: id, scenario: parsed, seed, guest },
    { startTimeout, ...context, unconsumedTime },
  );
  const checked = { id, sentence, source, kind };
  if (passed) {
    removeSession(sessionPaths(context.paths, session));
    return { ...checked, result: "kept" };
  }
  // The answers to the actions come first.
  const came = checks[parsed.actions.length];
  if (came && !came.passed)
    return { ...checked, result: "not-tested", seen: describeLate(describeFailure(came)) };
  const failures = checks.filter((check) => !check.passed);
  const seen = failures.map((check) => describeFailure(check).join("; ")).join("\n");
  return { ...checked, result: "broken", seen };
}

function describeLate(failure: readonly string[]): string {
  return `the guest tools did not get so far in time, as on a busy host: ${failure.join("; ")}`;
}
