import { expect, test } from "vitest";
import { type GuestInput, guestInputSchema, type TakeInput } from "./guest-input.ts";

test("inputs are what a guest gets, in the order in which they were given", async () => {
  const taken: GuestInput[] = [];
  const take: TakeInput = async (input) => void taken.push(guestInputSchema.parse(input));
  await take({ console: "serial", text: "root\r" });
  await take({ console: "screen", keys: ["ctrl", "alt", "f2"] });
  await take({ act: "insert", path: "/isos/second.iso" });
  expect(taken).toHaveLength(3);
});

test.each([
  { console: "serial", text: "" },
  { console: "serial", keys: ["ret"] },
  { console: "screen", keys: ["not a key"] },
  { act: "burn" },
])("%j is none", (input) => {
  expect(guestInputSchema.safeParse(input).success).toBe(false);
});
