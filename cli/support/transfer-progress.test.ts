import { expect, test } from "vitest";
import { transferText } from "./transfer-progress.ts";

test("a transfer shows how much has come and how fast, with a bar when the guest has told the size", () => {
  expect(transferText("core.gz", { bytes: 3_000_000, total: 12_000_000 }, 1500)).toBe(
    "core.gz  3.0 MB of 12.0 MB  2.0 MB/s  ██████░░░░░░░░░░░░░░░░░░",
  );
  expect(transferText("core.gz", { bytes: 500 }, 1000)).toBe("core.gz  500 bytes  500 bytes/s");
});

test("an empty file, and one that comes before the clock has moved, are shown as well", () => {
  expect(transferText("empty", { bytes: 0, total: 0 }, 0)).toBe("empty  0 bytes of 0 bytes  0 bytes/s");
});
