import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { differences } from "./compare-images.ts";
import { readDiskFiles } from "./disk-files.ts";

const never = new AbortController().signal;

/** Makes a disk whose first partition has these files. */
function makeDisk(files: Readonly<Record<string, string>>, time: string) {
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [root, home] = [join(folder, "root"), join(folder, "home")];
  for (const path of [root, home]) mkdirSync(path);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(name === "kernel" ? root : home, name), text);
  execFileSync("tar", ["-czf", join(root, "mydata.tgz"), `--mtime=${time}`, "-C", home, "."]);
  const disk = join(folder, "disk.img");
  const sectors = 2048;
  writeFileSync(disk, "");
  truncateSync(disk, 8 * 1024 ** 2);
  execFileSync("/usr/sbin/mke2fs", ["-q", "-d", root, "-E", `offset=${sectors * 512}`, disk, "6m"]);
  const entry = Buffer.alloc(16);
  entry.writeUInt32LE(sectors, 8);
  execFileSync("dd", [`of=${disk}`, "bs=1", "seek=446", "conv=notrunc", "status=none"], { input: entry });
  return readDiskFiles(disk, join(folder, "files"), never);
}

test("images whose files are the same don't differ, though the times in their archives do", async () => {
  const files = { kernel: "linux", "worker.sh": "#!/bin/sh" };
  const [first, second] = [await makeDisk(files, "2026-01-01"), await makeDisk(files, "2026-02-01")];
  expect([...first.keys()]).toContain("/mydata.tgz!/worker.sh");
  expect(differences(first, second)).toEqual([]);
});

test("files that differ are told, also those in an archive, with the reason of those that always do", async () => {
  const first = await makeDisk(
    { kernel: "linux", "worker.sh": "one", "random-seed": "1", old: "" },
    "2026-01-01",
  );
  const second = await makeDisk(
    { kernel: "linux", "worker.sh": "two", "random-seed": "2", new: "" },
    "2026-01-01",
  );
  expect(differences(first, second)).toEqual([
    { path: "/mydata.tgz!/new", what: "is only in the second image" },
    { path: "/mydata.tgz!/old", what: "is only in the first image" },
    { path: "/mydata.tgz!/random-seed", what: "differs", reason: "random bytes for the next boot" },
    { path: "/mydata.tgz!/worker.sh", what: "differs" },
  ]);
});
