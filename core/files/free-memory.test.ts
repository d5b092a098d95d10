import { expect, test } from "vitest";
import { freeMemory } from "./free-memory.ts";

test("bytes of their own are empty afterwards, and a part of others stays", () => {
  const own = new Uint8Array(1000);
  freeMemory(own);
  expect(own).toHaveLength(0);
  const whole = Uint8Array.of(1, 2, 3);
  freeMemory(whole.subarray(1));
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
});
