import type { ErrorData } from "../../../shared/errors/error-data.ts";
import type {
  ExchangeBody,
  ExchangeEvent,
  ExchangeHeaders,
  ExchangeOutcome,
} from "../../../shared/guest/exchange.ts";
import type { Finding, FindingEvent } from "../../../shared/guest/finding.ts";
import type { GuestActionEvent, GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import type { Side } from "../../../shared/rules/message-kinds.ts";
import type { StepName } from "../../../shared/rules/rule.ts";
import type { Release, ReleaseReason, RuleEvent, ServiceMessage } from "../../../shared/rules/rule-event.ts";
import { trimIfOld, trimOlder } from "../exchanges/trim-exchange.ts";
import { changeList, findEnd, type ListDraft, type LongList, listOf } from "../log/long-list.ts";

/** One request of the guest's and its reply, as far as they have come. Times are in milliseconds since the epoch. */
export interface Exchange {
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly started: number;
  /** The number of its first event in the session's log. */
  readonly event?: number;
  /** Long headers and bodies, and edited messages, were left out: they are in the session's log on disk. */
  readonly isTrimmed?: boolean;
  readonly requestHeaders: ExchangeHeaders;
  /** When the last byte of the request's body came. */
  readonly received?: number;
  readonly replied?: number;
  readonly status?: number;
  readonly replyHeaders?: ExchangeHeaders;
  readonly ended?: number;
  readonly outcome?: ExchangeOutcome;
  /** Why Tinsmith has cut it. */
  readonly why?: string | undefined;
  readonly request?: ExchangeBody;
  readonly reply?: ExchangeBody;
  /** The rules that applied to its messages, each side's in the order of their first hits. */
  readonly rules?: readonly RuleOfExchange[];
  /** The messages that rules have edited, as the service has them; the other properties are the guest's side. */
  readonly edited?: { readonly [From in Side]?: ServiceMessage };
  /** The number of the action that it brought to the guest, or the guest's answer to. */
  readonly action?: number;
  /** The times in which a rule held one of its messages. */
  readonly holds?: readonly Hold[];
  /** The faults that Tinsmith has found in it. */
  readonly findings?: readonly Finding[];
}

/** A time in which a message was held. */
export interface Hold {
  readonly held: number;
  readonly from: number;
  /** Absent while it is held. */
  readonly to?: number;
  readonly release?: Release;
  /** Absent: a person released it. */
  readonly reason?: ReleaseReason;
}

/** A rule that applied to a request (from the guest) or to a response or a shell's message. */
export interface RuleOfExchange {
  readonly name: string;
  readonly from: Side;
  /** Its steps that were taken, as far as the session's log tells. */
  readonly steps: readonly StepName[];
}

/** One try of the guest to perform an action. */
export interface ActionTry {
  readonly started: number;
  readonly taken?: { readonly time: number; readonly exchange: number };
  readonly answered?: { readonly time: number; readonly exchange: number };
  readonly failed?: { readonly time: number; readonly reason: string };
}

/** Something that the guest is or was asked to do. */
export interface GuestAction {
  readonly number: number;
  readonly request: GuestActionRequest;
  readonly requested: number;
  /** Those that have begun, or failed before they had. */
  readonly tries: readonly ActionTry[];
  readonly ended?: number;
  readonly error?: ErrorData | undefined;
}

/** The exchanges and actions between guest and host; both lists are in the order of their numbers. */
export interface Exchanges {
  readonly exchanges: LongList<Exchange>;
  readonly actions: LongList<GuestAction>;
}

export const noExchanges: Exchanges = { exchanges: listOf<Exchange>([]), actions: listOf<GuestAction>([]) };

/** The limits of each list in the window: the newest 100,000 at least. The session's log has the others. */
const limits = { kept: 120_000, dropped: 19_000 };

type ExchangeRuleEvent = Extract<
  RuleEvent,
  { type: "rule-hit" | "rule-step-skipped" | "message-edited" | "message-held" | "message-released" }
>;
export type ExchangesEvent = ExchangeEvent | GuestActionEvent | ExchangeRuleEvent | FindingEvent;

const otherTypes: readonly string[] = ["rule-hit", "rule-step-skipped", "finding"];

/** Tells events of exchanges and actions from others in a session's log. */
export function isExchangesEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & ExchangesEvent {
  const { type } = event;
  return /^(?:exchange|action|message)-/.test(type) || otherTypes.includes(type);
}

/** The exchanges after some more events. */
export function reduceExchanges(before: Exchanges, events: readonly ExchangesEvent[]): Exchanges {
  let { actions } = before;
  const exchanges = changeList(
    before.exchanges,
    (changed) => {
      actions = changeList(
        actions,
        (changedActions) => {
          for (const event of events)
            if ("action" in event) addToActions(changedActions, changed, event);
            else addToExchanges(changed, event);
        },
        limits,
      );
      trimOlder(changed, before.exchanges.length);
    },
    limits,
  );
  return { exchanges, actions };
}

interface Numbered {
  readonly number: number;
}

/** The one of a number in a list that is in their order, in which some may be missing. */
export function findNumbered<Item extends Numbered>(list: LongList<Item>, number: number): Item | undefined {
  return list.at(positionOf(list.length, list.at, number));
}

/** @returns -1 when there is none */
export function positionOf(
  length: number,
  at: (position: number) => Numbered | undefined,
  number: number,
): number {
  // Its index when none is missing, which is nearly always so.
  const expected = number - (at(0)?.number ?? 0);
  if (at(expected)?.number === number) return expected;
  const found = findEnd(length, at, (item) => item.number < number);
  return at(found)?.number === number ? found : -1;
}

function addToExchanges(
  exchanges: ListDraft<Exchange>,
  event: Exclude<ExchangesEvent, GuestActionEvent>,
): void {
  const { time, exchange: number } = event;
  if (event.type === "exchange-started") {
    const { method, target, headers } = event;
    const seq = "seq" in event && typeof event.seq === "number" ? event.seq : undefined;
    const first = { number, method, target, started: time, requestHeaders: headers };
    exchanges.add(seq === undefined ? first : { ...first, event: seq });
    return;
  }
  if (event.type === "finding") {
    const { findings = [] } = exchanges.at(positionOf(exchanges.length(), exchanges.at, number)) ?? {};
    change(exchanges, number, { findings: [...findings, { name: event.name, text: event.text }] });
  } else if (event.type === "rule-hit" || event.type === "rule-step-skipped") {
    const { rules = [] } = exchanges.at(positionOf(exchanges.length(), exchanges.at, number)) ?? {};
    change(exchanges, number, { rules: rulesAfter(rules, event) });
  } else if (event.type === "message-edited") {
    const { edited } = exchanges.at(positionOf(exchanges.length(), exchanges.at, number)) ?? {};
    const { status, headers, body } = event;
    change(exchanges, number, { edited: { ...edited, [event.from]: { status, headers, body } } });
  } else if (event.type === "message-held" || event.type === "message-released") {
    const { holds = [], rules = [] } =
      exchanges.at(positionOf(exchanges.length(), exchanges.at, number)) ?? {};
    change(exchanges, number, { holds: holdsAfter(holds, event), rules: rulesAfter(rules, event) });
  } else if (event.type === "exchange-received") change(exchanges, number, { received: time });
  else if (event.type === "exchange-replied")
    change(exchanges, number, { replied: time, status: event.status, replyHeaders: event.headers });
  else {
    const { outcome, why, request, reply } = event;
    change(exchanges, number, { ended: time, outcome, request, reply, ...(why !== undefined && { why }) });
    trimIfOld(exchanges, positionOf(exchanges.length(), exchanges.at, number));
  }
}

/** The steps that a person has taken with a message by the way in which it was released. */
const releaseSteps: Readonly<Record<Release, readonly StepName[]>> = {
  unchanged: [],
  edited: ["edit"],
  answered: ["answer"],
  cut: ["cut"],
};

/** The rules of an exchange after one more event of them. */
function rulesAfter(rules: readonly RuleOfExchange[], event: ExchangeRuleEvent): readonly RuleOfExchange[] {
  if (event.type === "rule-hit") {
    const { rule: name, from, steps = [] } = event;
    const isKnown = rules.some((rule) => rule.name === name && rule.from === from);
    return isKnown ? rules : [...rules, { name, from, steps }];
  }
  if (event.type !== "rule-step-skipped" && event.type !== "message-released") return rules;
  const change = (steps: readonly StepName[]) =>
    event.type === "message-released"
      ? [...steps, ...releaseSteps[event.release]]
      : steps.filter((step) => step !== event.step);
  return rules.map((rule) => (rule.name === event.rule ? { ...rule, steps: change(rule.steps) } : rule));
}

/** The holds of an exchange after one more message was held, or released. */
function holdsAfter(holds: readonly Hold[], event: ExchangeRuleEvent): readonly Hold[] {
  const { time } = event;
  if (event.type === "message-held") return [...holds, { held: event.held, from: time }];
  if (event.type !== "message-released") return holds;
  const { held, release, reason } = event;
  const end = { to: time, release, ...(reason && { reason }) };
  return holds.map((hold) => (hold.held === held ? { ...hold, ...end } : hold));
}

function addToActions(
  actions: ListDraft<GuestAction>,
  exchanges: ListDraft<Exchange>,
  event: GuestActionEvent,
): void {
  const { time, action: number } = event;
  if (event.type === "action-requested") {
    actions.add({ number, request: event.request, requested: time, tries: [{ started: time }] });
    return;
  }
  if (event.type === "action-ended") change(actions, number, { ended: time, error: event.error });
  else if (event.type === "action-try-failed")
    changeTry(actions, number, { failed: { time, reason: event.reason } });
  if (!("exchange" in event)) return;
  const carried = { time, exchange: event.exchange };
  changeTry(actions, number, event.type === "action-taken" ? { taken: carried } : { answered: carried });
  change(exchanges, event.exchange, { action: number });
}

function change<Item extends Numbered>(list: ListDraft<Item>, number: number, changed: Partial<Item>): void {
  const position = positionOf(list.length(), list.at, number);
  const item = list.at(position);
  if (item) list.set(position, { ...item, ...changed });
}

/** Changes the try that is under way: after one that has failed, that is a new one. */
function changeTry(actions: ListDraft<GuestAction>, number: number, changed: Partial<ActionTry>): void {
  const action = actions.at(positionOf(actions.length(), actions.at, number));
  if (!action) return;
  const { started, ...now } = currentTry(action);
  const done = action.tries.filter(({ failed }) => failed !== undefined);
  change(actions, number, { tries: [...done, { started, ...now, ...changed }] });
}

/** The try that is under way, or was the last one. */
export function currentTry({ tries, requested, ended }: GuestAction): ActionTry {
  const last = tries.at(-1) ?? { started: requested };
  return last.failed && ended === undefined ? { started: last.failed.time } : last;
}
