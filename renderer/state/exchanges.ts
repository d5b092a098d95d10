import type { ErrorData } from "../../shared/errors.ts";
import type { ExchangeBody, ExchangeEvent, ExchangeHeaders } from "../../shared/exchange.ts";
import type { GuestActionEvent, GuestActionRequest } from "../../shared/guest-action.ts";

/** One request of the guest's and its reply, as far as they have come. Times are in milliseconds since the epoch. */
export interface Exchange {
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly started: number;
  readonly requestHeaders: ExchangeHeaders;
  readonly replied?: number;
  readonly status?: number;
  readonly replyHeaders?: ExchangeHeaders;
  readonly ended?: number;
  readonly outcome?: "complete" | "cut";
  readonly request?: ExchangeBody;
  readonly reply?: ExchangeBody;
  /** The number of the action that it brought to the guest, or the guest's answer to. */
  readonly action?: number;
}

/** One try to have the guest do what an action wants. */
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

/** What guest and host have said to each other; both lists are in the order of their numbers. */
export interface Exchanges {
  readonly exchanges: readonly Exchange[];
  readonly actions: readonly GuestAction[];
}

export const noExchanges: Exchanges = { exchanges: [], actions: [] };

export type ExchangesEvent = ExchangeEvent | GuestActionEvent;

/** Tells events of exchanges and actions from others in a session's log. */
export function isExchangesEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & ExchangesEvent {
  return event.type.startsWith("exchange-") || event.type.startsWith("action-");
}

/** What there is after some more events. The lists are copied once for all of them: a long log has many. */
export function reduceExchanges(before: Exchanges, events: readonly ExchangesEvent[]): Exchanges {
  if (events.length === 0) return before;
  const exchanges = before.exchanges.slice();
  const actions = before.actions.slice();
  for (const event of events) {
    if ("action" in event) addToActions(actions, exchanges, event);
    else addToExchanges(exchanges, event);
  }
  return { exchanges, actions };
}

/** The one of a number in a list that is in their order, in which some may be missing. */
export function findNumbered<Item extends { readonly number: number }>(
  list: readonly Item[],
  number: number,
): Item | undefined {
  return list[indexOf(list, number)];
}

function indexOf(list: readonly { readonly number: number }[], number: number): number {
  // Where it is when none is missing, which is nearly always.
  if (list[number - 1]?.number === number) return number - 1;
  return list.findLastIndex((one) => one.number === number);
}

function addToExchanges(exchanges: Exchange[], event: ExchangeEvent): void {
  const { time, exchange: number } = event;
  if (event.type === "exchange-started") {
    const { method, target, headers } = event;
    exchanges.push({ number, method, target, started: time, requestHeaders: headers });
    return;
  }
  if (event.type === "exchange-replied")
    change(exchanges, number, { replied: time, status: event.status, replyHeaders: event.headers });
  else {
    const { outcome, request, reply } = event;
    change(exchanges, number, { ended: time, outcome, request, reply });
  }
}

function addToActions(actions: GuestAction[], exchanges: Exchange[], event: GuestActionEvent): void {
  const { time, action: number } = event;
  if (event.type === "action-requested") {
    actions.push({ number, request: event.request, requested: time, tries: [{ started: time }] });
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

function change<Item extends { readonly number: number }>(
  list: Item[],
  number: number,
  changed: Partial<Item>,
): void {
  const index = indexOf(list, number);
  const item = list[index];
  if (item) list[index] = { ...item, ...changed };
}

/** Changes the try that is under way: after one that has failed, that is a new one. */
function changeTry(actions: GuestAction[], number: number, changed: Partial<ActionTry>): void {
  const action = findNumbered(actions, number);
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
