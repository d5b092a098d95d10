import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { createScrollback } from "./scrollback.ts";

/** Reads from a byte on, until the test has finished. */
function follow(output: ReturnType<typeof createScrollback>, from = 0) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const seen = { text: "", hasEnded: false };
  const read = async () => {
    for await (const bytes of output.read(from, controller.signal)) seen.text += Buffer.from(bytes);
    seen.hasEnded = true;
  };
  void read();
  return seen;
}

test("readers see what was printed, as it comes, each from its own place, and the end", async () => {
  const output = createScrollback(1000);
  output.print(Buffer.from("one "), () => {});
  const early = follow(output);
  await eventually(() => expect(early.text).toBe("one "));
  output.print(Buffer.from("two "), () => {});
  const late = follow(output, 2);
  output.print(Buffer.from("three"), () => {});
  output.end();
  await eventually(() => expect([early.hasEnded, late.hasEnded]).toEqual([true, true]));
  expect([early.text, late.text]).toEqual(["one two three", "e two three"]);
});

test("what nobody has read yet is kept, and its writer told once somebody has", async () => {
  const output = createScrollback(10);
  let taken = 0;
  for (let count = 0; count < 100; count += 1)
    output.print(Buffer.from("0123456789"), () => {
      taken += 1;
    });
  expect(output.start()).toBe(0);
  expect(taken).toBe(0);
  const seen = follow(output);
  await eventually(() => expect(seen.text.length).toBe(1000));
  expect(taken).toBe(100);
});

test("the oldest of what was read is forgotten", async () => {
  const output = createScrollback(50_000);
  const seen = follow(output);
  for (let count = 0; count < 20; count += 1) {
    output.print(Buffer.alloc(10_000, `${count % 10}`), () => {});
    await eventually(() => expect(seen.text.length).toBe((count + 1) * 10_000));
  }
  expect(output.printed()).toBe(200_000);
  expect(output.start()).toBeGreaterThan(120_000);
  expect(output.start()).toBeLessThanOrEqual(150_000);
  const late = follow(output);
  await eventually(() => expect(late.text.length).toBe(200_000 - output.start()));
});
