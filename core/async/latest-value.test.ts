import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLatestValue } from "./latest-value.ts";

test("who watches sees how it is, then each change, and after a while of not looking only the last", async () => {
  const value = createLatestValue({ step: 1 });
  const watch = value.watch(new AbortController().signal);
  const next = async () => (await watch.next()).value;
  expect(await next()).toEqual({ step: 1 });
  const change = next();
  value.set({ step: 2 });
  expect(await change).toEqual({ step: 2 });
  value.set({ step: 3 });
  value.set({ step: 4 });
  expect(await next()).toEqual({ step: 4 });
});

test("what is set anew to the same is no change; the end of the watch is the signal's", async () => {
  const value = createLatestValue({ step: 1 });
  const stop = new AbortController();
  const watch = value.watch(stop.signal);
  await watch.next();
  const next = watch.next();
  value.set({ step: 1 });
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

test("any number may watch, without a warning on the session's terminal", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const value = createLatestValue(0);
  const stop = new AbortController();
  const waiting = Array.from({ length: 20 }, async () => {
    for await (const _ of value.watch(stop.signal));
  });
  // Each has had its first value by then, and a warning would have come.
  await setImmediate();
  await setImmediate();
  stop.abort();
  await Promise.all(waiting);
  expect(warned).not.toHaveBeenCalled();
});
