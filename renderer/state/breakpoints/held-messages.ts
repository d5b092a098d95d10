import { createStore, type StoreApi } from "zustand/vanilla";
import type { ReleaseRequest } from "../../../shared/rules/held-message.ts";
import { sessionClient } from "../../client/api-client.ts";
import { decodeBase64 } from "../../client/base64.ts";
import { sayError } from "../messages/notices.ts";
import { findSession } from "../sessions/find-session.ts";
import { createReopening } from "../sessions/session-life.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import { countHeld } from "./held-counts.ts";
import { type Draft, emptyQueue, type HeldQueue, withBody, withDraft, withHeld } from "./held-queue.ts";

const known = createSessionMemory(() => createStore<HeldQueue>(() => emptyQueue));

/** The messages that the breakpoints of a session hold, while this window follows them. */
export function heldQueue(session: string): StoreApi<HeldQueue> {
  return known.of(session);
}

/**
 * Keeps the held messages of a running session up to date, through lost connections. Meanwhile this window counts as one
 * that watches, without which breakpoints hold nothing.
 *
 * @returns a function that ends it
 */
export function followHeld(session: string): () => void {
  const controller = new AbortController();
  void followFor(session, controller.signal);
  return () => controller.abort();
}

async function followFor(session: string, signal: AbortSignal): Promise<void> {
  const reopening = createReopening(session, signal);
  const store = heldQueue(session);
  do {
    try {
      const lists = await sessionClient(session).rules.watchHeld(undefined, { signal });
      store.setState(({ connected }) => ({ connected: connected + 1 }));
      for await (const state of lists) {
        reopening.works();
        store.setState((queue) => withHeld(queue, state));
        countHeld(session, state.held.length);
      }
    } catch {
      // The connection is lost, or the session has ended.
    }
  } while (await reopening.wait());
  // An ended session holds nothing; of one that is no longer followed, the list of sessions tells the number.
  store.setState((queue) => withHeld(queue, { ...queue, held: [] }));
  countHeld(session, findSession(session)?.held ?? 0);
}

export function selectHeld(session: string, selected: number): void {
  heldQueue(session).setState({ selected });
}

/** Reads the body of a held message. */
export async function readHeldBody(session: string, held: number): Promise<void> {
  try {
    const { body } = await sessionClient(session).rules.heldBody({ held });
    heldQueue(session).setState((queue) => withBody(queue, held, decodeBase64(body)));
  } catch {
    // It was released, or the connection is lost, after which it is read again.
  }
}

export function changeDraft(session: string, number: number, changed: Draft): void {
  heldQueue(session).setState((queue) => withDraft(queue, number, changed));
}

/** Sets whether the virtual machine runs while messages are held; the session tells that it is so. */
export async function letRun(session: string, isWanted: boolean): Promise<void> {
  const store = heldQueue(session);
  store.setState({ letsRun: isWanted });
  try {
    await sessionClient(session).rules.letRun({ isWanted });
  } catch (error) {
    store.setState({ letsRun: !isWanted });
    sayError(error);
  }
}

/** Releases a held message; the session tells that it is no longer held. */
export function releaseHeld(session: string, held: number, request: ReleaseRequest): Promise<void> {
  return releaseEach(session, [held], request);
}

/** Releases, unchanged and in their order, all messages that this window shows as held. */
export function releaseAll(session: string): Promise<void> {
  const numbers = heldQueue(session)
    .getState()
    .held.map(({ number }) => number);
  return releaseEach(session, numbers, { release: "unchanged" });
}

async function releaseEach(
  session: string,
  numbers: readonly number[],
  request: ReleaseRequest,
): Promise<void> {
  const store = heldQueue(session);
  store.setState(({ releasing }) => ({ releasing: [...releasing, ...numbers] }));
  const { rules } = sessionClient(session);
  const results = await Promise.allSettled(numbers.map((held) => rules.release({ held, request })));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) sayError(failed.reason);
  store.setState(({ releasing }) => ({ releasing: releasing.filter((number) => !numbers.includes(number)) }));
}
