import { expect, test } from "vitest";
import { giveBackMemory } from "./give-back-memory.ts";

test("bytes of their own are empty afterwards, and a part of others stays", () => {
  const own = new Uint8Array(1000);
  giveBackMemory(own);
  expect(own).toHaveLength(0);
  const whole = Uint8Array.of(1, 2, 3);
  giveBackMemory(whole.subarray(1));
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
});
