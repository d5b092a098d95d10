import { expect, test } from "vitest";
import { buildOverhead, type Capacity, reasonToWait } from "./admission.ts";

const gigabyte = 1e9;
const capacity = (changes: Partial<Capacity>): Capacity => ({
  ...{ jobs: 4, running: 1, memory: 512, freeMemory: 4096 },
  disks: [{ folder: "/home", needed: gigabyte, free: 10 * gigabyte }],
  ...changes,
});

test("a build starts when a slot, its memory and its disk space are free", () => {
  expect(reasonToWait(capacity({}))).toBeUndefined();
  expect(reasonToWait(capacity({ freeMemory: 512 + buildOverhead }))).toBeUndefined();
});

test("a build waits for each of them, and tells the figures", () => {
  expect(reasonToWait(capacity({ running: 4 }))).toBe("the end of one of 4 builds");
  expect(reasonToWait(capacity({ jobs: 1 }))).toBe("the end of the build before it");
  expect(reasonToWait(capacity({ freeMemory: 512 }))).toBe("memory: 768 MiB are needed, 512 MiB are free");
  expect(reasonToWait(capacity({ freeMemory: -100 }))).toBe("memory: 768 MiB are needed, 0 MiB are free");
  const disks = [
    { folder: "/home", needed: gigabyte, free: 10 * gigabyte },
    { folder: "/images", needed: gigabyte, free: gigabyte / 2 },
  ];
  expect(reasonToWait(capacity({ disks }))).toBe("disk space: 1.0 GB are needed in /images, 500 MB are free");
});
