import { mkdtempSync, rmSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compress } from "../compression/compression.ts";
import { inPieces, rawEntry, readAll, temporaryFolder } from "../test-fixtures.ts";
import { archivedDiskData } from "./archived-disk.ts";
import { packArchive } from "./pack-archive.ts";

test("it is known what a disk will take on the host before it is extracted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-archived-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeFile(join(folder, "machine.json"), '{"version": 1}');
  await writeFile(join(folder, "disk.img"), Buffer.alloc(12_288, 1));
  await truncate(join(folder, "disk.img"), 1024 ** 3);
  const target = join(folder, "image.tar.lz4");
  await packArchive({ folder, target });
  expect(await archivedDiskData(target)).toBe(12_288);
});

test("an archive is refused before what no image has is read", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.tar.lz4");
  const tar = rawEntry({ name: "notes", size: 2 ** 33 - 1 });
  await writeFile(path, await readAll(compress(inPieces(tar), "lz4")));
  await expect(archivedDiskData(path)).rejects.toThrow('"notes": an image archive has no such entry');
});

test("a file that is no archive is refused", async () => {
  await expect(archivedDiskData(import.meta.filename)).rejects.toMatchObject({ code: "invalid-archive" });
});
