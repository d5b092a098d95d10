import { expect, test } from "vitest";
import { createPulse } from "./change-notifier.ts";

const { signal } = new AbortController();

test("a beat wakes all who wait for it, and whoever waits afterwards waits for the next one", async () => {
  const pulse = createPulse();
  const waiting = [pulse.next(signal), pulse.next(signal)];
  pulse.beat();
  await Promise.all(waiting);
  const later = pulse.next(signal);
  const early = await Promise.race([later.then(() => "beat"), Promise.resolve("nothing")]);
  expect(early).toBe("nothing");
  pulse.beat();
  await later;
});

test("whoever gives up waits no longer", async () => {
  const pulse = createPulse();
  const ended = new AbortController();
  const waiting = pulse.next(ended.signal);
  ended.abort();
  await waiting;
  await pulse.next(ended.signal);
});
