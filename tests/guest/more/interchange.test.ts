import { mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, inject, onTestFinished, test } from "vitest";

// Our archives in other people's hands.

const { workerImage } = inject("workshop");

async function extractWithTar(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-interchange-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await execa("sh", ["-c", 'lz4 -dc "$0" | tar --extract --sparse --directory "$1"', workerImage, folder]);
  return folder;
}

test("GNU tar and lz4 extract the archive, holes kept; QEMU's and ext4's checkers find it whole", async () => {
  const folder = await extractWithTar();
  const disk = await stat(join(folder, "disk.img"));
  expect(disk.size).toBe(1024 ** 3);
  expect(disk.blocks * 512).toBeLessThan(disk.size / 4);
  await execa("qemu-img", ["check", join(folder, "layer.qcow2")]);
  const partitions = JSON.parse((await execa("sfdisk", ["--json", join(folder, "disk.img")])).stdout);
  const { start, size } = partitions.partitiontable.partitions[1];
  const partition = join(folder, "partition.img");
  await execa("dd", [
    `if=${join(folder, "disk.img")}`,
    `of=${partition}`,
    "bs=512",
    `skip=${start}`,
    `count=${size}`,
    "conv=sparse",
  ]);
  const { stdout } = await execa("e2fsck", ["-fn", partition]);
  expect(stdout).toContain("tce: ");
});

test("a plain QEMU boots the disk to its prompt", async () => {
  const folder = await extractWithTar();
  const drive = `file=${join(folder, "layer.qcow2")},format=qcow2,if=virtio`;
  const args = ["-accel", "tcg", "-m", "512", "-display", "none", "-serial", "stdio", "-drive", drive];
  const qemu = execa("qemu-system-x86_64", args, { reject: false, timeout: 120_000 });
  let shown = "";
  for await (const chunk of qemu.stdout) {
    shown += chunk;
    if (shown.includes("tc@box")) qemu.kill("SIGKILL");
  }
  expect(shown).toContain("tc@box");
});
