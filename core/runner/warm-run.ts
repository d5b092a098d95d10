import type { RunPlan } from "../../shared/contracts/plan.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import type { OnNote } from "../../shared/session/note.ts";
import type { Warmth } from "./prepare-image.ts";

/**
 * Whether a run may continue from a saved state. Runs of scenarios, of which several start at one boot, are made for that. If it
 * was asked for and is not possible, a note gives the reason.
 */
export function warmthOf(plan: RunPlan, isScenario: boolean, onNote: OnNote): Warmth {
  if (plan.warm === "never") return "never";
  const reason = reasonToBoot(plan) ?? (isScenario ? undefined : reasonOfRules(plan));
  if (reason === undefined) return plan.warm;
  if (plan.warm === "always") onNote(`The VM boots, and does not continue from a saved state: ${reason}.`);
  return "never";
}

/** The reason why a run has to boot, if there is one: its virtual machine, or what it observes, is another one from the start. */
function reasonToBoot({ internet, forward = [], pcap }: RunPlan): string | undefined {
  if (pcap !== undefined) return "all packets of its network are recorded";
  if (internet) return "it can reach the internet";
  if (forward.length > 0) return "ports lead to the guest";
  return undefined;
}

function reasonOfRules({ rules }: RunPlan): string | undefined {
  return rules?.rules.some(meetsFirstRequest) ? "a rule applies to the first request" : undefined;
}

/** Whether a rule can apply to the first request, or the response to it. */
function meetsFirstRequest({ when: { endpoint = "execute", message, stream } }: Rule): boolean {
  return message === undefined && stream === undefined && [endpoint].flat().includes("execute");
}
