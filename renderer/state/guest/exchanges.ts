import type { ErrorData } from "../../../shared/errors/error-data.ts";
import type { ExchangeBody, ExchangeEvent, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import type { GuestActionEvent, GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { changeList, findEnd, type ListDraft, type LongList, listOf } from "../log/long-list.ts";

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

export type ExchangesEvent = ExchangeEvent | GuestActionEvent;

/** Tells events of exchanges and actions from others in a session's log. */
export function isExchangesEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & ExchangesEvent {
  return event.type.startsWith("exchange-") || event.type.startsWith("action-");
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

function addToExchanges(exchanges: ListDraft<Exchange>, event: ExchangeEvent): void {
  const { time, exchange: number } = event;
  if (event.type === "exchange-started") {
    const { method, target, headers } = event;
    exchanges.add({ number, method, target, started: time, requestHeaders: headers });
    return;
  }
  if (event.type === "exchange-replied")
    change(exchanges, number, { replied: time, status: event.status, replyHeaders: event.headers });
  else {
    const { outcome, request, reply } = event;
    change(exchanges, number, { ended: time, outcome, request, reply });
  }
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
