import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSpaceReserve, freeBytes, requireSpace } from "./free-space.ts";

const folder = tmpdir();

test("what fits is let through, in folders that are there and that are yet to make", async () => {
  await expect(
    requireSpace("it", [
      { folder, bytes: 1 },
      { folder: join(folder, "to/be/made"), bytes: 1 },
    ]),
  ).resolves.toBeUndefined();
});

test("what can't fit is refused with the figures", async () => {
  await expect(requireSpace("the build", [{ folder, bytes: 5e18 }])).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(
      /^the build needs about 5000000 TB in \S+, which has [\d.]+ [kMGT]B free$/,
    ),
  });
});

test("needs in one file system add up", async () => {
  const half = (await freeBytes(folder)) * 0.6;
  await expect(requireSpace("it", [{ folder, bytes: half }])).resolves.toBeUndefined();
  const both = [
    { folder, bytes: half },
    { folder, bytes: half },
  ];
  await expect(requireSpace("it", both)).rejects.toMatchObject({ code: "no-space" });
});

test("a file may grow until only the reserve is left, whoever takes the space", async () => {
  let free = 100e6;
  const reserve = createSpaceReserve(folder, 40e6, async () => free);
  expect([await reserve.fits(60e6), await reserve.fits(60e6 + 1)]).toEqual([true, false]);
  let taken = 0;
  while (await reserve.take(1e6)) {
    taken += 1e6;
    // Somebody else takes as much.
    free -= 2e6;
  }
  // The system is asked each 8 MiB only, in which so much may be lost to others.
  expect(taken).toBeGreaterThanOrEqual(30e6);
  expect(taken).toBeLessThanOrEqual(34e6);
});

test("space that comes back is used again", async () => {
  let free = 0;
  const reserve = createSpaceReserve(folder, 10, async () => free);
  expect(await reserve.take(5)).toBe(false);
  free = 15;
  expect(await reserve.take(5)).toBe(true);
});

test("the real file system is asked by default", async () => {
  expect(await createSpaceReserve(folder, 0).fits(1)).toBe(true);
  expect(await createSpaceReserve(folder, 1e18).take(1)).toBe(false);
});
