import { type GuestActionType, guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import type { Matcher, RuleInput } from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import type { RecordedExchange } from "../run-record.ts";
import type { RecordedExchanges } from "./recorded-exchanges.ts";

type Held = Extract<RuleEvent, { type: "message-held" }>;
type Released = Extract<RuleEvent, { type: "message-released" }>;

/** The rules that do what a person did to the messages of breakpoints. */
export interface SavedReleases {
  readonly rules: readonly RuleInput[];
  /** The changes that can't be rules, a sentence each. */
  readonly leftOut: readonly string[];
}

/** Makes a rule of each message that a person has edited, answered or cut at a breakpoint. */
export function savedReleases(
  events: readonly SessionEvent[],
  { counted, own }: RecordedExchanges,
): SavedReleases {
  const rules: RuleInput[] = [];
  const leftOut: string[] = [];
  for (const held of events.filter((event) => event.type === "message-held")) {
    const released = events.find((event) => event.type === "message-released" && event.held === held.held);
    if (released?.type !== "message-released" || released.release === "unchanged") continue;
    const reason = obstacleOf(held, released, { events, own });
    if (reason !== undefined)
      leftOut.push(`The held message ${held.held}, which was ${released.release}, is left out: ${reason}.`);
    else
      rules.push({
        name: `Held message ${held.held}, which was ${released.release}`,
        when: matcherOf(held, counted),
        steps: released.step ? [released.step] : [],
      });
  }
  return { rules, leftOut };
}

/** The reason why a release can't be a rule, as the end of a sentence. */
function obstacleOf(
  { rule, exchange, time }: Held,
  { step }: Released,
  { events, own }: { readonly events: readonly SessionEvent[]; readonly own: ReadonlySet<number> },
): string | undefined {
  const hit = events.findLast(
    (event) =>
      event.type === "rule-hit" && event.rule === rule && event.exchange === exchange && event.time <= time,
  );
  if (own.has(exchange)) return "it belongs to an action of Tinsmith's own";
  if (hit?.type === "rule-hit" && hit.message !== undefined) return "it is a message of a shell";
  return step ? undefined : "the session has not kept the change";
}

function matcherOf({ exchange: number, from }: Held, exchanges: readonly RecordedExchange[]) {
  const exchange = exchanges.find((one) => one.number === number);
  const { endpoint, action } = exchange ?? {};
  // A poll asks for any action.
  const isKnown = action !== undefined && isKnownAction(action) && (from === "host" || endpoint !== "poll");
  const before = exchanges.filter(
    (one) => one.number <= number && one.endpoint === endpoint && (!isKnown || one.action === action),
  );
  const when: Partial<Matcher> = {
    from,
    endpoint,
    ...(isKnown && { action }),
    occurrence: Math.max(1, before.length),
  };
  return when;
}

function isKnownAction(action: string): action is GuestActionType | "none" {
  return action === "none" || guestActionTypes.some((type) => type === action);
}
