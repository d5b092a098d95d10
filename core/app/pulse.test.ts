import { expect, test } from "vitest";
import { createPulse } from "./pulse.ts";

test("a beat wakes all who wait for it, and whoever waits afterwards waits for the next one", async () => {
  const pulse = createPulse();
  const waiting = [pulse.next(), pulse.next()];
  pulse.beat();
  await Promise.all(waiting);
  const later = pulse.next();
  const early = await Promise.race([later.then(() => "beat"), Promise.resolve("nothing")]);
  expect(early).toBe("nothing");
  pulse.beat();
  await later;
});
