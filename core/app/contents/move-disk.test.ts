import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleDisk, writeSparseFile } from "../../image/test-fixtures.ts";
import { readManifest } from "../../manifest/manifest-file.ts";
import { findPaths } from "../../storage/paths.ts";
import { exportChosen, importChosen } from "./move-disk.ts";

async function newDisk() {
  const folder = mkdtempSync(join(tmpdir(), "move-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disk = join(folder, "disk.raw");
  await writeSparseFile(disk, sampleDisk.size, sampleDisk.data);
  const controller = new AbortController();
  const context = { paths: findPaths({ TINSMITH_HOME: join(folder, "home") }), signal: controller.signal };
  return { folder, disk, controller, context };
}

test("a disk is imported, with its manifest, notes and progress; its export has the same content", async () => {
  const { folder, disk, context } = await newDisk();
  const target = join(folder, "new.tar.lz4");
  const progress: unknown[] = [];
  const imported = await importChosen({ disk, target }, context, (one) => progress.push(one));
  expect(imported).toEqual({
    path: target,
    bytes: statSync(target).size,
    notes: [`${disk} has no boot sector, so a BIOS can't boot it.`],
  });
  expect(readManifest(target)).toMatchObject({ kind: "import" });
  const { total } = progress.at(-1) as { readonly total: number };
  expect(progress.at(-1)).toEqual({ bytes: total, total });
  const exported = join(folder, "out.vmdk");
  const { bytes } = await exportChosen({ image: target, target: exported }, context);
  expect(bytes).toBe(statSync(exported).size);
  execFileSync("qemu-img", ["compare", "-f", "raw", "-F", "vmdk", disk, exported], { stdio: "pipe" });
});

test("a target that exists, or that can't be an archive's, is an issue of its field", async () => {
  const { folder, disk, context } = await newDisk();
  const ofTarget = expect.objectContaining({ field: "target" });
  const importTo = (target: string) => importChosen({ disk, target }, context, () => {});
  await expect(importTo(disk)).rejects.toThrow(ofTarget);
  await expect(importTo(join(folder, "new.zip"))).rejects.toThrow(ofTarget);
  await expect(exportChosen({ image: disk, target: disk }, context)).rejects.toThrow(ofTarget);
});

test("an import that is cancelled while it packs leaves nothing behind", async () => {
  const { folder, disk, controller, context } = await newDisk();
  const before = readdirSync(folder);
  const target = join(folder, "new.tar.lz4");
  await expect(importChosen({ disk, target }, context, () => controller.abort())).rejects.toThrow();
  expect(existsSync(target)).toBe(false);
  expect(readdirSync(folder).filter((name) => name !== "home")).toEqual(before);
});
