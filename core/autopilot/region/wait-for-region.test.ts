import { expect, test } from "vitest";
import type { Picture } from "../../recording/ppm.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { cutOut, screenOf, testScreen } from "./test-pictures.ts";
import { waitForRegion } from "./wait-for-region.ts";

const screen = testScreen(160, 100);
const empty = screenOf(160, 100, () => [0, 0, 0]);
const region = cutOut(screen, { x: 60, y: 40, width: 30, height: 20 });

/** Waits on a screen that shows these pictures, one after the other. */
async function wait(pictures: readonly Picture[], given: { seconds?: number; signal?: AbortSignal } = {}) {
  let looks = 0;
  const read = async () => pictures[Math.min(looks++, pictures.length - 1)] ?? empty;
  const { signal = new AbortController().signal, seconds = 10 } = given;
  const options = { name: "pictures/ok.png", tolerance: 0, seconds, signal };
  return await waitForRegion({ read, clock: startGuestClock() }, region, options);
}

test("a picture that comes later is waited for", async () => {
  expect(await wait([empty, empty, screen])).toEqual({ x: 60, y: 40 });
});

test("a picture that does not come in time is named, with the most similar place", async () => {
  const almost = { ...screen, pixels: Buffer.from(screen.pixels) };
  const at = (45 * 160 + 70) * 3;
  almost.pixels.set([255, 0, 0], at);
  await expect(wait([almost], { seconds: 0.01 })).rejects.toMatchObject({
    code: "timed-out",
    message: "the screen did not show pictures/ok.png in 0.01 s",
    details: ["It is most similar at 60, 40, where 0.17 % of its pixels look different."],
  });
});

test("a screen that is too small is said", async () => {
  await expect(wait([testScreen(20, 100)], { seconds: 0.01 })).rejects.toMatchObject({
    details: ["The picture has 30 by 20 pixels, and the screen only 20 by 100."],
  });
});

test("a wait ends when its signal aborts", async () => {
  const stop = new AbortController();
  const waiting = wait([empty], { signal: stop.signal });
  const reason = new Error("stopped");
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
