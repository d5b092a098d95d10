import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTestFolder } from "../file-systems/test-folder.ts";
import { findPaths } from "../storage/paths.ts";
import { listAllFiles } from "./list-files.ts";
import { openContents } from "./tree/open-contents.ts";
import { contentsOf } from "./tree/test-contents.ts";
import { makeDisk } from "./tree/test-disk.ts";

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

test("data that follows a compressed disk is listed with its digest, also if it is an archive", async () => {
  const folder = makeTestFolder();
  const pack = (command: string) => execFileSync("sh", ["-ec", command], { cwd: folder });
  makeDisk(folder, {});
  pack("(gzip -1c disk.img; head -c 512 /dev/zero; tar -cf - tree) > disk.gz");
  const path = join(folder, "disk.gz");
  await using contents = await openContents(findPaths({ TINSMITH_HOME: folder }), path, {
    readsAll: false,
    onNote: () => {},
  });
  const { entries, problems } = await listAllFiles(contents);
  expect(problems).toEqual([]);
  const digests = entries.map((entry) => [entry.path, entry.digest]);
  expect(digests).toEqual([
    ["/partition1", undefined],
    ["/partition1/lost+found", undefined],
    [expect.stringMatching(/^\/rest-at-\d+$/), expect.stringMatching(/^[0-9a-f]{64}$/)],
  ]);
});
