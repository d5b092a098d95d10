import type { RulesPlan } from "../../shared/contracts/plan.ts";
import type { SessionRulesOptions } from "../metaservice/rules/session-rules.ts";

/** The choices of a plan about the rules of its session. */
export function rulesOptions(rules: RulesPlan): Omit<SessionRulesOptions, "report"> {
  return { seed: rules?.seed, waitsForWindow: rules?.waitForWindow, letsRun: rules?.letVmRun };
}
