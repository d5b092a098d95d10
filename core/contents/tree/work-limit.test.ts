import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sourceOfBytes } from "../../file-systems/test-source.ts";
import { extendLimit, limitedSource, withinLimit } from "./work-limit.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const source = limitedSource(sourceOfBytes(Buffer.from("content")));

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

test("reads fail once their work has taken 10 s, and say which work", async () => {
  const work = withinLimit("listing /a in b.img", undefined, async () => {
    await source.read(0, 1);
    pass(11);
    return await source.read(0, 1);
  });
  await expect(work).rejects.toMatchObject({
    code: "timed-out",
    message: "listing /a in b.img took more than 10 s",
  });
});

test("work that gets on has its time anew", async () => {
  await withinLimit("searching", undefined, async () => {
    for (let round = 0; round < 3; round += 1) {
      pass(8);
      extendLimit();
      await source.read(0, 1);
    }
  });
});

test("reads fail when the signal of their work aborts, and those of other work do not", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const aborted = withinLimit("one", controller.signal, async () => {
    controller.abort(reason);
    return await source.read(0, 1);
  });
  await expect(aborted).rejects.toBe(reason);
  expect(`${await withinLimit("other", undefined, () => source.read(0, 7))}`).toBe("content");
});

test("reads of no such work have no limit", async () => {
  pass(1000);
  expect(`${await source.read(0, 7)}`).toBe("content");
});
