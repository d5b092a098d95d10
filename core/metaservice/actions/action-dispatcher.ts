import type { IncomingMessage } from "node:http";
import slugid from "slugid";
import type { WebSocket } from "ws";
import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import type { Action } from "../../../shared/guest/guest-protocol.ts";
import type { Rewindable } from "../../async/rewindable.ts";
import type { Refusal } from "../http/http-reply.ts";
import type { MetaLimits } from "../limits.ts";
import { type ComposedAction, composeAction } from "./composed-action.ts";
import { FailedTry, notAnswered, notTaken } from "./failed-try.ts";

/** A request by which the guest answers an action. */
export interface GuestReply {
  readonly request: IncomingMessage;
  /** The number of its exchange. */
  readonly exchange: number;
  /** Makes its connection a WebSocket, when it asks for that. @throws FailedTry when it does not ask as it should */
  readonly openWebSocket?: () => WebSocket;
}

/** A reply that an action waited for. */
export interface ClaimedReply extends GuestReply {
  /** The action's id, spent by it. */
  readonly id: string;
  /** To be called once it was taken, or is refused. */
  readonly respond: (refusal?: Refusal) => void;
}

/** A poll that has not been answered yet. */
export interface WaitingPoll {
  /** The number of its exchange. */
  readonly exchange: number;
  /** Answers it with an action's body; called at most once. `onLost` is to be called when that could not be written. */
  readonly give: (body: string, onLost: () => void) => void;
}

/** One try to have the guest answer an action. */
export interface ActionTry {
  readonly action: Omit<Action, "id"> | Extract<GuestActionRequest, { readonly type: "composed" }>;
  readonly signal: AbortSignal;
  /** No rule applies to it: it is Tinsmith's own. */
  readonly isFreeOfRules: boolean;
  /** Called when a poll takes it, with the id that it has from then on. */
  readonly onTaken: (id: string, exchange: number) => void;
}

/** Hands actions to the polls that take them, and later their replies to the actions. */
export interface ActionDispatcher extends Rewindable {
  /** Tells of a request of the guest. Before the first one no action times out: the guest still boots. */
  noticeGuest(): void;
  /** Hands an action to a poll, and waits until the reply begins. @throws FailedTry; the signal's reason */
  handOut(attempt: ActionTry): Promise<ClaimedReply>;
  /** Lets a poll have the next action, now or later. @returns a function that takes the poll back */
  wait(poll: WaitingPoll): () => void;
  /** Brings a reply to the action that waits for it. @returns the refusal of the reply, if it is refused */
  answer(id: string, reply: GuestReply): Promise<Refusal | undefined>;
  /** The type of the action that has this id, or had it lately. */
  actionType(id: string): string | undefined;
  /** Whether no rule applies to the action that has this id, or had it lately. */
  isFreeOfRules(id: string): boolean;
}

/** Ids are remembered for the late and repeated replies to actions. */
const rememberedIds = 256;

const unknownId: Refusal = {
  status: 400,
  code: "UnknownActionId",
  message: "no action waits for a reply with this id: it is unknown, has been answered, or has timed out",
};

export function createActionDispatcher({ takeTimeout, replyTimeout, clock }: MetaLimits): ActionDispatcher {
  // Both in the order in which they came: first come, first served.
  const offers = new Set<(poll: WaitingPoll) => void>();
  /** Start the time in which a poll must take an action, for those that were offered before the guest's first request. */
  const untimed = new Set<() => void>();
  let hasGuest = false;
  const polls = new Set<WaitingPoll>();
  const awaited = new Map<string, (reply: ClaimedReply) => void>();
  const given = new Map<string, { readonly type: string; readonly isFreeOfRules: boolean }>();
  const remember = (id: string, { action: { type }, isFreeOfRules }: ActionTry) => {
    given.set(id, { type, isFreeOfRules });
    const [oldest] = given.keys();
    if (given.size > rememberedIds && oldest !== undefined) given.delete(oldest);
  };

  const match = () => {
    for (const poll of polls) {
      const [offer] = offers;
      if (!offer) return;
      offers.delete(offer);
      polls.delete(poll);
      offer(poll);
    }
  };

  return {
    noticeGuest: () => {
      if (hasGuest) return;
      hasGuest = true;
      for (const startTime of untimed) startTime();
      untimed.clear();
    },

    handOut: (attempt) =>
      new Promise((resolve, reject) => {
        const { action, signal, onTaken } = attempt;
        const { id, body } = bodyOf(action, slugid.nice());
        if (awaited.has(id)) return reject(idTaken());
        const end = () => {
          alarm?.[Symbol.dispose]();
          untimed.delete(startTime);
          offers.delete(offer);
          awaited.delete(id);
          signal.removeEventListener("abort", onAbort);
        };
        const fail = (reason: unknown) => {
          end();
          reject(reason);
        };
        const onAbort = () => fail(signal.reason);
        const offer = (poll: WaitingPoll) => {
          alarm?.[Symbol.dispose]();
          alarm = clock.after(replyTimeout, () => fail(notAnswered(replyTimeout)));
          awaited.set(id, (reply) => {
            end();
            resolve(reply);
          });
          remember(id, attempt);
          onTaken(id, poll.exchange);
          poll.give(body, () => fail(notWritten()));
        };
        let alarm: Disposable | undefined;
        const startTime = () => {
          alarm = clock.after(takeTimeout, () => fail(notTaken(takeTimeout)));
        };
        if (hasGuest) startTime();
        else untimed.add(startTime);
        signal.addEventListener("abort", onAbort);
        offers.add(offer);
        match();
      }),

    wait: (poll) => {
      polls.add(poll);
      match();
      return () => void polls.delete(poll);
    },

    answer: async (id, reply) => {
      const claim = awaited.get(id);
      if (!claim) return unknownId;
      return await new Promise((respond) => claim({ ...reply, id, respond }));
    },

    remember: () => {
      const before = { hasGuest, given: [...given] };
      return () => {
        hasGuest = before.hasGuest;
        given.clear();
        for (const [id, action] of before.given) given.set(id, action);
      };
    },

    actionType: (id) => given.get(id)?.type,
    isFreeOfRules: (id) => given.get(id)?.isFreeOfRules ?? false,
  };
}

/** @param id a free one */
function bodyOf(action: ActionTry["action"], id: string): ComposedAction {
  return action.type === "composed"
    ? composeAction(action.text, id)
    : { id, body: JSON.stringify({ id, ...action }) };
}

function idTaken(): FailedTry {
  return new FailedTry("guest-action-failed", "another action that is under way has this id");
}

function notWritten(): FailedTry {
  return new FailedTry(
    "guest-no-answer",
    "the guest tools that asked for the action have closed the connection",
  );
}
