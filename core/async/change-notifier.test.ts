import { expect, test } from "vitest";
import { createChangeNotifier } from "./change-notifier.ts";

const { signal } = new AbortController();

test("a beat wakes all who wait for it, and whoever waits afterwards waits for the next one", async () => {
  const changes = createChangeNotifier();
  const waiting = [changes.next(signal), changes.next(signal)];
  changes.notify();
  await Promise.all(waiting);
  const later = changes.next(signal);
  const early = await Promise.race([later.then(() => "beat"), Promise.resolve("nothing")]);
  expect(early).toBe("nothing");
  changes.notify();
  await later;
});

test("whoever gives up waits no longer", async () => {
  const changes = createChangeNotifier();
  const ended = new AbortController();
  const waiting = changes.next(ended.signal);
  ended.abort();
  await waiting;
  await changes.next(ended.signal);
});
