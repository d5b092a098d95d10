import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ScriptedEntry } from "./scripted-contents.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";

const project = resolve(import.meta.dirname, "../..");
const script =
  '#!/bin/sh\n# Starts what the guest needs.\nset -e\nmount -a\n/opt/guest-tools --poll 35 &\necho "ready"\n';
const mebi = 1024 * 1024;

const disk: ScriptedEntry = {
  size: 1024 * mebi,
  allocated: 15 * mebi,
  system: { format: "MBR" },
  parts: [
    { offset: 0, size: mebi },
    { offset: mebi, size: 900 * mebi, name: "partition1", type: "Linux" },
    { offset: 901 * mebi, size: 100 * mebi, name: "partition2", type: "Linux swap" },
    { offset: 1001 * mebi, size: 23 * mebi },
  ],
  mayHoldFiles: true,
  files: {
    partition1: {
      size: 900 * mebi,
      allocated: 15 * mebi,
      mayHoldFiles: true,
      kind: "file",
      system: {
        format: "ext4",
        label: "root",
        size: 900 * mebi,
        used: 64 * mebi,
        notes: ["The journal has transactions that were not replayed: the guest was not shut down."],
      },
      files: {
        boot: {
          files: {
            "core.gz": { content: "x".repeat(9000), files: {} },
            vmlinuz: { content: "MZ", size: 6_400_000 },
          },
        },
        etc: {
          files: {
            hostname: { content: "box\n" },
            "rc.local": { content: script, mode: 0o755 },
            "machine-id": { content: "", mode: 0o444 },
            mtab: { kind: "symlink", mode: 0o777, target: "/proc/mounts" },
          },
        },
        dev: { files: { console: { kind: "char-device", device: "5:1", mode: 0o600 } } },
        home: { files: { "caf\\xe9": { content: "latin 1" } } },
        opt: {
          files: {
            "guest-tools": {
              content: Buffer.from([
                0x7f,
                0x45,
                0x4c,
                0x46,
                2,
                1,
                1,
                ...Array.from({ length: 400 }, (_, at) => at & 0xff),
              ]),
              size: 6_600_000,
              allocated: 6_602_752,
              mode: 0o755,
            },
            "logo.png": {
              content: readFileSync(join(project, "packaging/icons/64x64.png")),
              pictureType: "image/png",
            },
          },
        },
        "mydata.tgz": {
          content: "gz",
          size: 48_211,
          system: { format: "tar" },
          files: { home: { files: { ".ashrc": { content: "alias ll='ls -l'\n", uid: 1001, gid: 50 } } } },
        },
        "broken.tgz": {
          content: "xx",
          size: 20,
          error: {
            code: "damaged-file-system",
            message: "/disk.img/partition1/broken.tgz can't be read: it ends inside a block",
            advice: "Make it again.",
          },
        },
        tmp: { files: {}, mode: 0o1777 },
      },
    },
    partition2: {
      size: 100 * mebi,
      allocated: 0,
      mayHoldFiles: true,
      error: { code: "usage", message: "/disk.img/partition2 is a file, and holds no files" },
    },
  },
};

/** The worker image of microcore, with files in it. @returns its path */
export async function leaveImage({ workspace, leaveArchive, contents }: ScriptedEngine): Promise<string> {
  const image = join(workspace, "microcore/microcore-worker.tar.lz4");
  await leaveArchive(image);
  contents.leave(image, {
    system: { format: "image" },
    files: { "disk.img": disk, "machine.json": { content: '{\n  "version": 1,\n  "memory": 512\n}\n' } },
  });
  return image;
}
