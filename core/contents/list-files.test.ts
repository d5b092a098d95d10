import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { listAllFiles } from "./list-files.ts";
import { contentsOf } from "./tree/test-contents.ts";

test("all entries are listed with the digests of files", async () => {
  const contents = contentsOf(
    { a: { b: "content" }, link: "" },
    { link: { kind: "symlink", target: Buffer.from("a") } },
  );
  const { entries, problems } = await listAllFiles(contents);
  expect(problems).toEqual([]);
  expect(entries.map(({ path, kind, digest }) => [path, kind, digest])).toEqual([
    ["/a", "folder", undefined],
    ["/a/b", "file", createHash("sha256").update("7 0:content").digest("hex")],
    ["/link", "symlink", undefined],
  ]);
});

test("a file that can't be read is listed without a digest, with the problem", async () => {
  const contents = contentsOf({ bad: "content", good: "content" });
  const open = contents.open;
  const damaged = {
    ...contents,
    open: async (place: Parameters<typeof open>[0]) => {
      if (place.path === "/bad") throw new Error("its blocks are outside of the disk");
      return await open(place);
    },
  };
  const { entries, problems } = await listAllFiles(damaged);
  expect(problems).toEqual([expect.stringContaining("/bad can't be read")]);
  expect(entries.map(({ path, digest }) => [path, digest !== undefined])).toEqual([
    ["/bad", false],
    ["/good", true],
  ]);
});
