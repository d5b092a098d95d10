import type { ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import type { HeldMessage, HeldState } from "../../../shared/rules/held-message.ts";

/** The ways to edit the bytes of a body: as JSON in lines of its own, as the text that they are, or as digits. */
export type BodyFormat = "json" | "text" | "hex" | "base64";

/** A body as a person edits it. */
export interface DraftBody {
  readonly format: BodyFormat;
  readonly text: string;
}

/** The edits of a held message that a person has not sent yet; a part that was never edited is absent. */
export interface Draft {
  readonly body?: DraftBody | undefined;
  /** Of a response, as it was typed. */
  readonly status?: string | undefined;
  /** All headers, as they were typed. */
  readonly headers?: ExchangeHeaders | undefined;
}

/** The held messages of a session, as the window shows them. */
export interface HeldQueue extends HeldState {
  /** The number of the selected one; undefined when none is held. */
  readonly selected?: number | undefined;
  /** The bodies that were read, by the numbers of their messages. */
  readonly bodies: Readonly<Record<number, Uint8Array>>;
  /** By the numbers of their messages. */
  readonly drafts: Readonly<Record<number, Draft>>;
  /** The numbers of the messages whose release was asked for, and has no answer yet. */
  readonly releasing: readonly number[];
  /** The selected message that was released last, with its draft: the guest tools may try its request again. */
  readonly left?: { readonly message: HeldMessage; readonly draft: Draft } | undefined;
  /** The message that was held last, and is not any more. */
  readonly gone?: HeldMessage | undefined;
  /** Counts how often the session was connected to, since it may have changed in between. */
  readonly connected: number;
}

export const emptyQueue: HeldQueue = {
  held: [],
  letsRun: false,
  bodies: {},
  drafts: {},
  releasing: [],
  connected: 0,
};

/**
 * The queue with the messages that are held now. A new one never takes the selection; when the selected one is released,
 * the next one in the queue does. If the guest tools try its request again, its draft becomes that of the new message.
 */
export function withHeld(queue: HeldQueue, { held, letsRun }: HeldState): HeldQueue {
  const { selected = 0, drafts } = queue;
  const next = held.find(({ number }) => number >= selected) ?? held.at(-1);
  const before = selectedMessage(queue);
  const draft = drafts[selected];
  const left =
    before && draft && !held.some(({ number }) => number === before.number)
      ? { message: before, draft }
      : queue.left;
  const retry = held.find(
    (one) => left && one.tries > 1 && one.number > left.message.number && isSameRequest(one, left.message),
  );
  const known = { ...(left && retry && { [retry.number]: left.draft }), ...drafts };
  return {
    ...queue,
    ...{ held, letsRun },
    selected: next?.number,
    bodies: ofHeld(held, queue.bodies),
    drafts: ofHeld(held, known),
    left: retry ? undefined : left,
    gone: queue.held.findLast((one) => !held.some(({ number }) => number === one.number)) ?? queue.gone,
  };
}

/** Keeps only what belongs to a message that is still held. */
function ofHeld<Kept>(
  held: readonly HeldMessage[],
  known: Readonly<Record<number, Kept>>,
): Readonly<Record<number, Kept>> {
  return Object.fromEntries(
    held.flatMap(({ number }) => {
      const kept = known[number];
      return kept === undefined ? [] : [[number, kept]];
    }),
  );
}

function isSameRequest(one: HeldMessage, other: HeldMessage): boolean {
  return one.from === other.from && one.method === other.method && one.target === other.target;
}

/** The queue with a change of the draft for one message. */
export function withDraft(queue: HeldQueue, number: number, changed: Draft): HeldQueue {
  return { ...queue, drafts: { ...queue.drafts, [number]: { ...queue.drafts[number], ...changed } } };
}

/** The queue with the body of a message, if that is still held. */
export function withBody(queue: HeldQueue, number: number, body: Uint8Array): HeldQueue {
  return { ...queue, bodies: ofHeld(queue.held, { ...queue.bodies, [number]: body }) };
}

const noBytes = new Uint8Array();

/** The body of a held message, as far as it can be read; undefined before it was read. */
export function bodyIn({ bodies }: HeldQueue, { number, bodySize }: HeldMessage): Uint8Array | undefined {
  return bodySize === 0 ? noBytes : bodies[number];
}

/** The selected message. */
export function selectedMessage({ held, selected }: HeldQueue): HeldMessage | undefined {
  return held.find(({ number }) => number === selected);
}
