import { expect, test } from "vitest";
import { checkpointNameSchema, proposeCheckpointName } from "./checkpoint.ts";

test("a checkpoint's proposed name is the first with a number that none has", () => {
  expect(proposeCheckpointName([])).toBe("checkpoint 1");
  expect(proposeCheckpointName([{ name: "checkpoint 2" }])).toBe("checkpoint 3");
  expect(proposeCheckpointName([{ name: "before" }, { name: "checkpoint 1" }])).toBe("checkpoint 3");
});

test("a checkpoint's name is printable, and neither empty nor long", () => {
  expect(checkpointNameSchema.parse("  vor dem Update ä ")).toBe("vor dem Update ä");
  for (const name of ["", "  ", "a\nb", "a\u202eb", "x".repeat(61)])
    expect(checkpointNameSchema.safeParse(name).success).toBe(false);
});
