import { expect, test } from "vitest";
import { createReceiveWindow, createSendWindow } from "./flow-control.ts";

test("a sender has room for what is acknowledged, to the byte", () => {
  const window = createSendWindow(10);
  window.sent(4);
  window.sent(6);
  expect(window.room()).toBe(0);
  expect(() => window.sent(1)).toThrow(RangeError);
  window.acknowledged(7);
  expect(window.room()).toBe(7);
  expect(() => window.acknowledged(4)).toThrow("of 3 that were on the way");
  window.acknowledged(3);
  expect(window.room()).toBe(10);
});

test("a receiver notices a sender that does not wait", () => {
  const window = createReceiveWindow(10);
  window.received(10);
  expect(() => window.received(1)).toThrow(RangeError);
  window.consumed(1);
  window.received(1);
  expect(() => window.consumed(11)).toThrow(RangeError);
});
