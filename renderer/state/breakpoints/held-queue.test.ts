import { expect, test } from "vitest";
import type { HeldMessage } from "../../../shared/rules/held-message.ts";
import { bodyIn, emptyQueue, selectedMessage, withBody, withDraft, withHeld } from "./held-queue.ts";

const messages = (...numbers: readonly number[]) => ({
  letsRun: false,
  held: numbers.map(
    (number): HeldMessage => ({
      number,
      rule: "break on any request",
      exchange: number,
      from: "guest",
      since: 0,
      began: 0,
      tries: 1,
      endpoint: "ping",
      method: "GET",
      target: "/engine/v1/ping",
      headers: [],
      bodySize: 3,
      canEdit: true,
    }),
  ),
});

test("the first held message is selected, and a new one leaves the selection as it is", () => {
  const first = withHeld(emptyQueue, messages(1));
  expect(first.selected).toBe(1);
  const second = withHeld(first, messages(1, 2));
  expect(second.selected).toBe(1);
  const chosen = withHeld({ ...second, selected: 2 }, messages(1, 2, 3));
  expect(selectedMessage(chosen)?.number).toBe(2);
});

test("after the selected one is released, the next one is selected, at the end the one before", () => {
  const queue = { ...withHeld(emptyQueue, messages(1, 2, 3)), selected: 2 };
  expect(withHeld(queue, messages(1, 3)).selected).toBe(3);
  expect(withHeld(queue, messages(1)).selected).toBe(1);
  expect(withHeld(queue, messages()).selected).toBeUndefined();
});

test("the message that was released last is known, also while others are held", () => {
  const queue = withHeld(emptyQueue, messages(1, 2));
  expect(queue.gone).toBeUndefined();
  const released = withHeld(queue, messages(2));
  expect(released.gone?.number).toBe(1);
  expect(withHeld(released, messages(2, 3)).gone?.number).toBe(1);
  expect(withHeld(released, messages()).gone?.number).toBe(2);
});

test("a draft stays while its message is held, whichever is selected", () => {
  const queue = withDraft(withHeld(emptyQueue, messages(1, 2)), 1, { body: { format: "text", text: "a" } });
  const edited = withDraft(queue, 1, { status: "503" });
  expect(withHeld(edited, messages(1, 2, 3)).drafts).toEqual({
    1: { body: { format: "text", text: "a" }, status: "503" },
  });
  expect(withHeld(edited, messages(2, 3)).drafts).toEqual({});
});

test("when the guest tools try a request again, its draft goes on; the draft of a sent message does not", () => {
  const edited = withDraft(withHeld(emptyQueue, messages(1)), 1, { status: "503" });
  const gone = withHeld(edited, messages());
  const again = { letsRun: true, held: messages(2).held.map((one) => ({ ...one, tries: 2 })) };
  expect(withHeld(gone, again)).toMatchObject({
    drafts: { 2: { status: "503" } },
    selected: 2,
    letsRun: true,
  });
  expect(withHeld(gone, messages(2)).drafts).toEqual({});
});

test("the body of a message is kept while that is held", () => {
  const queue = withHeld(emptyQueue, messages(1, 2));
  const read = withBody(queue, 2, new Uint8Array(3));
  expect(read.held.map((one) => bodyIn(read, one)?.length)).toEqual([undefined, 3]);
  expect(withHeld(read, messages(1)).bodies).toEqual({});
  expect(withBody(read, 3, new Uint8Array(3)).bodies).toEqual(read.bodies);
  const [empty] = messages(1).held.map((one) => ({ ...one, bodySize: 0 }));
  expect(empty && bodyIn(queue, empty)).toHaveLength(0);
});
