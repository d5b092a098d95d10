import { expect, test } from "vitest";
import { BlockCache } from "./block-cache.ts";

test("a read that fails is tried again, and others are kept", async () => {
  const cache = new BlockCache<string>(2);
  const failed = cache.get(1, async () => {
    throw new Error("it took more than 10 s");
  });
  await expect(failed).rejects.toThrow("it took more than 10 s");
  expect(await cache.get(1, async () => "read")).toBe("read");
  expect(await cache.get(1, async () => "read again")).toBe("read");
});
