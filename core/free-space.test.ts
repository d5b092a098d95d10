import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireSpace } from "./free-space.ts";

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
  const { bavail, bsize } = await statfs(folder);
  const half = bavail * bsize * 0.6;
  await expect(requireSpace("it", [{ folder, bytes: half }])).resolves.toBeUndefined();
  const both = [
    { folder, bytes: half },
    { folder, bytes: half },
  ];
  await expect(requireSpace("it", both)).rejects.toMatchObject({ code: "no-space" });
});
