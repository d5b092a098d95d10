import { expect, test } from "vitest";
import { buildOverhead, type Room, reasonToWait } from "./admission.ts";

const gigabyte = 1e9;
const room = (changes: Partial<Room>): Room => ({
  ...{ jobs: 4, running: 1, memory: 512, freeMemory: 4096 },
  disks: [{ folder: "/home", needed: gigabyte, free: 10 * gigabyte }],
  ...changes,
});

test("a build starts when a slot, its memory and its disk space are free", () => {
  expect(reasonToWait(room({}))).toBeUndefined();
  expect(reasonToWait(room({ freeMemory: 512 + buildOverhead }))).toBeUndefined();
});

test("a build waits for each of them, and tells the figures", () => {
  expect(reasonToWait(room({ running: 4 }))).toBe("the end of one of 4 builds");
  expect(reasonToWait(room({ jobs: 1 }))).toBe("the end of the build before it");
  expect(reasonToWait(room({ freeMemory: 512 }))).toBe("memory: 768 MiB are needed, 512 MiB are free");
  expect(reasonToWait(room({ freeMemory: -100 }))).toBe("memory: 768 MiB are needed, 0 MiB are free");
  const disks = [
    { folder: "/home", needed: gigabyte, free: 10 * gigabyte },
    { folder: "/images", needed: gigabyte, free: gigabyte / 2 },
  ];
  expect(reasonToWait(room({ disks }))).toBe("disk space: 1.0 GB are needed in /images, 500 MB are free");
});
