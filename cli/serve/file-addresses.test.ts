import { expect, test } from "vitest";
import { createFileAddresses } from "./file-addresses.ts";

test("an address works once, for a minute", () => {
  let time = 0;
  const addresses = createFileAddresses(() => time);
  const used = addresses.make("/sessions/x/files/task.log");
  expect(addresses.isOne(used)).toBe(true);
  expect(used).not.toContain("task.log");
  expect(addresses.take(used)).toBe("/sessions/x/files/task.log");
  expect(addresses.take(used)).toBeUndefined();
  expect(addresses.take("/once/guessed")).toBeUndefined();
  const old = addresses.make("/a");
  time += 61_000;
  expect(addresses.take(old)).toBeUndefined();
});

test("addresses that nobody uses take no more memory than a thousand do", () => {
  const addresses = createFileAddresses(() => 0);
  const [first = "", ...others] = Array.from({ length: 1_001 }, (_, number) => addresses.make(`/${number}`));
  expect(addresses.take(first)).toBeUndefined();
  expect(addresses.take(others.at(-1) ?? "")).toBe("/1000");
});
