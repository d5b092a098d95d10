import type { GuestActionType } from "../../../shared/guest/guest-protocol.ts";
import type { EndpointName, Side } from "../../../shared/rules/message-kinds.ts";
import type { RuleInput } from "../../../shared/rules/rule.ts";

/** The messages that a person wants to break on. */
export interface BreakChoice {
  readonly from: Side;
  /** Empty for all. */
  readonly endpoint: EndpointName | "";
  /** Empty for all; it counts where messages have one. */
  readonly action: GuestActionType | "";
  /** Holds one message, then no more. */
  readonly isOnlyNext: boolean;
}

export const firstChoice: BreakChoice = { from: "host", endpoint: "poll", action: "", isOnlyNext: true };

/** Whether the chosen messages have an action: a request to poll does not know it yet. */
export function hasAction({ from, endpoint }: BreakChoice): boolean {
  return endpoint === "reply" || (endpoint === "poll" && from === "host");
}

/** The breakpoint for a choice, with a name that none of the session's rules has. */
export function breakRule(choice: BreakChoice, taken: readonly string[]): RuleInput {
  const { from, endpoint, isOnlyNext } = choice;
  const action = hasAction(choice) ? choice.action : "";
  const kind = from === "guest" ? "request" : "response";
  const name = `break on ${endpoint || "any"} ${kind}${action && ` for ${action}`}`;
  return {
    name: freeName(name, taken),
    when: { from, ...(endpoint && { endpoint }), ...(action && { action }) },
    steps: [{ hold: true }],
    times: isOnlyNext ? 1 : "always",
  };
}

function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}
