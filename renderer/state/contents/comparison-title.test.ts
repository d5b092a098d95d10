import { expect, test } from "vitest";
import { comparisonTitle } from "./comparison-title.ts";

test("the title of a comparison has what tells its images apart", () => {
  expect(comparisonTitle("/a/microcore-setup.tar.lz4", "/a/microcore-worker.tar.zst")).toBe(
    "microcore-setup ↔ microcore-worker",
  );
  expect(comparisonTitle("/old/worker.tar.lz4", "/new/worker.tar.lz4")).toBe("old/worker ↔ new/worker");
  expect(comparisonTitle("/a/disk.img", "/a/other.qcow2")).toBe("disk.img ↔ other.qcow2");
});
