import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../../shared/errors/errors.ts";
import {
  closeToast,
  closeToasts,
  pickShown,
  sayDone,
  sayError,
  sayMade,
  shownFor,
  toasts,
} from "./notices.ts";

beforeEach(() => toasts.setState({ open: [], recent: [] }));

const shown = () => pickShown(toasts.getState().open).shown.map(({ text }) => text);
const fail = (message: string, advice?: string) => sayError(new AppError({ code: "busy", message, advice }));

test("an error that nobody has read is not dropped by newer messages: those wait", () => {
  for (const name of ["first", "second", "third", "fourth", "fifth"]) fail(name);
  sayDone("saved");
  expect(shown()).toEqual(["first", "second", "third", "saved"]);
  expect(pickShown(toasts.getState().open).waiting).toBe(2);
  closeToast(toasts.getState().open[0]?.number ?? 0);
  expect(shown()).toEqual(["second", "third", "fourth", "saved"]);
});

test("equal messages are one with a count; what differs in its advice alone is another one", () => {
  for (const _ of Array(3)) fail("the guest has not answered");
  fail("the guest has not answered", "Try again.");
  expect(toasts.getState().open.map(({ count }) => count)).toEqual([3, 1]);
  expect(toasts.getState().recent).toHaveLength(2);
  closeToasts();
  fail("the guest has not answered");
  expect(toasts.getState().open.map(({ count }) => count)).toEqual([1]);
});

test("messages that go by themselves give way to newer ones, and errors and made files do not", () => {
  sayMade("made", "/made");
  for (const name of ["one", "two", "three"]) sayDone(name);
  expect(shown()).toEqual(["made", "two", "three"]);
  expect(toasts.getState().open.map(shownFor)).toEqual([Number.POSITIVE_INFINITY, 6_000, 6_000]);
});

test("the recent ones are kept with their times when they are closed, up to a limit", () => {
  const before = Date.now();
  fail("first");
  closeToasts();
  expect(toasts.getState().recent).toMatchObject([{ text: "first", count: 1 }]);
  expect(toasts.getState().recent[0]?.time).toBeGreaterThanOrEqual(before);
  for (let number = 0; number < 300; number += 1) sayDone(`done ${number}`);
  expect(toasts.getState().recent).toHaveLength(200);
  expect(toasts.getState().recent.at(-1)?.text).toBe("done 299");
});
