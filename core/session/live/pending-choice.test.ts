import { expect, test } from "vitest";
import { createPendingChoice } from "./pending-choice.ts";

const never = new AbortController().signal;

test("the answer goes to whoever has asked, once", async () => {
  const choice = createPendingChoice<string>("s1");
  const asked = choice.ask(never);
  choice.answer("yes");
  const late = 'session s1 already has an answer, "yes", from another window or from the CLI';
  // Both before the asking code continues, and after.
  expect(() => choice.answer("no")).toThrow(late);
  expect(await asked).toBe("yes");
  expect(() => choice.answer("no")).toThrow(late);
});

test("an answer that nobody has asked for is refused", () => {
  expect(() => createPendingChoice<string>("s1").answer("yes")).toThrow("is not waiting for an answer");
});

test("whoever stops waiting is not answered any more", async () => {
  const choice = createPendingChoice<string>("s1");
  const controller = new AbortController();
  const asked = choice.ask(controller.signal);
  controller.abort(new Error("stopped"));
  await expect(asked).rejects.toThrow("stopped");
  expect(() => choice.answer("yes")).toThrow("is not waiting for an answer");
  await expect(choice.ask(controller.signal)).rejects.toThrow("stopped");
});
