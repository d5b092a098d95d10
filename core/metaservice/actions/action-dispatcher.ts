import type { IncomingMessage } from "node:http";
import slugid from "slugid";
import type { WebSocket } from "ws";
import type { Action } from "../../../shared/guest/guest-protocol.ts";
import type { Refusal } from "../http/http-reply.ts";
import type { MetaLimits } from "../limits.ts";
import { FailedTry, noAnswer } from "./failed-try.ts";

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
  /** Answers it; called at most once. `onLost` is to be called when the answer could not be written. */
  readonly give: (action: Action, onLost: () => void) => void;
}

/** One try to have the guest answer an action. */
export interface ActionTry {
  readonly action: Omit<Action, "id">;
  readonly signal: AbortSignal;
  /** Called when a poll takes it, with the id that it has from then on. */
  readonly onTaken: (id: string, exchange: number) => void;
}

/** Hands actions to the polls that take them, and later their replies to the actions. */
export interface ActionDispatcher {
  /** Hands an action to a poll, and waits until the reply begins. @throws FailedTry; the signal's reason */
  handOut(attempt: ActionTry): Promise<ClaimedReply>;
  /** Lets a poll have the next action, now or later. @returns a function that takes the poll back */
  wait(poll: WaitingPoll): () => void;
  /** Brings a reply to the action that waits for it. @returns the refusal of the reply, if it is refused */
  answer(id: string, reply: GuestReply): Promise<Refusal | undefined>;
}

const unknownId: Refusal = {
  status: 400,
  code: "UnknownActionId",
  message: "no action waits for a reply with this id: it is unknown, has been answered, or has timed out",
};

export function createActionDispatcher({ takeTimeout, replyTimeout, clock }: MetaLimits): ActionDispatcher {
  // Both in the order in which they came: first come, first served.
  const offers = new Set<(poll: WaitingPoll) => void>();
  const polls = new Set<WaitingPoll>();
  const awaited = new Map<string, (reply: ClaimedReply) => void>();

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
    handOut: ({ action, signal, onTaken }) =>
      new Promise((resolve, reject) => {
        const id = slugid.nice();
        const end = () => {
          alarm[Symbol.dispose]();
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
          alarm[Symbol.dispose]();
          alarm = clock.after(replyTimeout, () => fail(notAnswered(replyTimeout)));
          awaited.set(id, (reply) => {
            end();
            resolve(reply);
          });
          onTaken(id, poll.exchange);
          poll.give({ id, ...action }, () => fail(notWritten()));
        };
        let alarm = clock.after(takeTimeout, () => fail(notTaken(takeTimeout)));
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
  };
}

function notTaken(waited: number): FailedTry {
  return noAnswer("no guest tools asked for actions", waited);
}

function notWritten(): FailedTry {
  return new FailedTry(
    "guest-no-answer",
    "the guest tools that asked for the action have closed the connection",
  );
}

function notAnswered(waited: number): FailedTry {
  return noAnswer("the guest took the action, but did not begin to answer", waited);
}
