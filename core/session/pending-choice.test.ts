import { expect, test } from "vitest";
import { createPendingChoice } from "./pending-choice.ts";

const never = new AbortController().signal;

test("the answer goes to whoever has asked, once", async () => {
  const choice = createPendingChoice<string>("s1");
  const asked = choice.ask(never);
  choice.answer("yes");
  expect(await asked).toBe("yes");
  expect(() => choice.answer("no")).toThrow("session s1 asks nothing now");
});

test("an answer that nobody has asked for is refused", () => {
  expect(() => createPendingChoice<string>("s1").answer("yes")).toThrow("asks nothing now");
});

test("whoever stops waiting is not answered any more", async () => {
  const choice = createPendingChoice<string>("s1");
  const controller = new AbortController();
  const asked = choice.ask(controller.signal);
  controller.abort(new Error("stopped"));
  await expect(asked).rejects.toThrow("stopped");
  expect(() => choice.answer("yes")).toThrow("asks nothing now");
  await expect(choice.ask(controller.signal)).rejects.toThrow("stopped");
});
