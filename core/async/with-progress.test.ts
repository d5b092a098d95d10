import { expect, test } from "vitest";
import { withProgress } from "./with-progress.ts";

test("work that ends at once has told all that it has reported last", async () => {
  const events = withProgress<number, string>(async (onProgress) => {
    onProgress(1);
    onProgress(2);
    return "done";
  });
  expect(await events.next()).toEqual({ done: false, value: 2 });
  expect(await events.next()).toEqual({ done: true, value: "done" });
});

test("work that reports nothing has a result alone", async () => {
  const events = withProgress<number, string>(async () => "done");
  expect(await events.next()).toEqual({ done: true, value: "done" });
});

test("work that fails throws its error", async () => {
  const events = withProgress<number, string>(async () => {
    throw new Error("it failed");
  });
  await expect(events.next()).rejects.toThrow("it failed");
});
