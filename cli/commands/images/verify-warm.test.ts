import { expect, test } from "vitest";
import { describeVerdict } from "./verify-warm.ts";

const path = "/mydata.tgz!/file";
const what = "differs" as const;

test("the verdict mentions files above it only if there are any", () => {
  expect(describeVerdict([])).toBe(
    "The warm and the cold build have the same files, apart from their times.",
  );
  expect(describeVerdict([{ path, what, reason: "random bytes" }])).toBe(
    "The warm and the cold build have the same files, apart from their times, and apart from the file above.",
  );
  expect(describeVerdict([{ path, what }])).toBe(
    "The warm and the cold build differ in 1 file that should be the same.",
  );
});
