import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mebibyte, shell, temporaryFolder } from "../test-fixtures.ts";
import { readExtents } from "./disk-data.ts";
import { createLayer } from "./disk-image.ts";
import { openDisk } from "./open-disk.ts";

const size = 700 * mebibyte;

/** A disk of 700 MiB, whose layer has a moment, after which a guest has written more. */
async function makeLayer(folder: string) {
  const at = (name: string) => join(folder, name);
  shell(`truncate -s ${size} disk.img; qemu-io -f raw -c 'write -P 1 1M 4M' disk.img`, folder);
  await createLayer(at("layer.qcow2"), size);
  const image = { driver: "qcow2", file: { driver: "file", filename: at("layer.qcow2") } };
  const write = (...commands: readonly string[]) =>
    execFileSync(
      "qemu-io",
      [...commands.flatMap((command) => ["-c", command]), `json:${JSON.stringify(image)}`],
      {
        cwd: folder,
        stdio: "pipe",
      },
    );
  write("write -P 2 2M 100k", "write -z 3M 128k", "write -P 3 600M 1M", "write -P 4 734003100 99");
  shell("qemu-img snapshot -c other layer.qcow2; qemu-img snapshot -c moment layer.qcow2", folder);
  shell("qemu-img convert -f qcow2 -O raw layer.qcow2 then.img", folder);
  write("write -P 5 2M 100k", "write -P 6 1M 64k", "write -P 7 600M 10M", "discard 600M 64k");
  return { at, disk: { layer: at("layer.qcow2"), backing: at("disk.img"), snapshot: "moment" } };
}

async function contentOf(disk: Parameters<typeof openDisk>[0], target: Buffer): Promise<void> {
  await using opened = await openDisk(disk);
  expect(opened.size).toBe(target.length);
  for await (const { position, bytes } of readExtents(opened, await opened.allocated()))
    target.set(bytes, position);
}

test("the disk of a kept moment is read as it was, whatever was written later", async () => {
  await using folder = await temporaryFolder();
  const { at, disk } = await makeLayer(folder.path);
  const found = Buffer.alloc(size);
  await contentOf(disk, found);
  expect(found.equals(readFileSync(at("then.img")))).toBe(true);
  const before = readFileSync(at("layer.qcow2"));
  await expect(contentOf({ ...disk, snapshot: "gone" }, found)).rejects.toMatchObject({
    code: "missing-file",
  });
  expect(readFileSync(at("layer.qcow2")).equals(before)).toBe(true);
});

test("a layer whose tables are damaged ends in a sentence", async () => {
  await using folder = await temporaryFolder();
  const { at, disk } = await makeLayer(folder.path);
  const whole = readFileSync(at("layer.qcow2"));
  const table = Number(whole.readBigUInt64BE(64));
  const damages: readonly ((bytes: Buffer) => void)[] = [
    (bytes) => bytes.writeUInt32BE(9, 20),
    (bytes) => bytes.writeBigUInt64BE(1n << 60n, 64),
    (bytes) => bytes.writeBigUInt64BE(BigInt(whole.length), 64),
    (bytes) => bytes.writeUInt32BE(2 ** 32 - 1, table + 36),
    // The places of the tables of the first moment, and of its name: both are passed over for the second one.
    (bytes) => bytes.fill(0xff, table, table + 400),
  ];
  for (const damage of damages) {
    const bytes = Buffer.from(whole);
    damage(bytes);
    writeFileSync(at("layer.qcow2"), bytes);
    await expect(contentOf(disk, Buffer.alloc(size))).rejects.toMatchObject({ code: "invalid-archive" });
  }
});
