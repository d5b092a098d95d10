import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import type { ByteSource } from "../../file-systems/byte-source.ts";
import { hasFeature } from "../../file-systems/ext/features.ts";
import { readSuperblock } from "../../file-systems/ext/superblock.ts";
import { runCommand } from "../../process/run-command.ts";
import type { TargetFile } from "./find-target.ts";
import { attributesOf, fixedSeconds } from "./new-file.ts";
import { type DiskChange, notWritable, toolEnvironment, toolLimits } from "./write-tools.ts";

/**
 * Writes a file into an ext file system of a disk, by debugfs.
 *
 * @throws AppError `usage` for a name that debugfs can't be given, `damaged-file-system` for a file system that is not clean;
 *   `missing-tool`
 */
export async function writeExt(source: ByteSource, target: TargetFile, change: DiskChange): Promise<void> {
  const { folder, disk, offset, content, shown, signal } = change;
  await requireClean(source, change);
  const where = quote([...target.folder, target.name], shown);
  const parent = quote(target.folder, shown);
  const { mode, uid, gid } = attributesOf(target, content);
  const regularFile = 0o100000;
  const commands = [
    Buffer.from("cd "),
    parent,
    ...(target.replaced ? [Buffer.from("\nrm "), where] : []),
    Buffer.from(`\nwrite ${content.name} `),
    quoteName(target.name, shown),
    ...Object.entries({ mode: `0${(regularFile | mode).toString(8)}`, uid, gid }).flatMap(
      ([field, value]) => [Buffer.from("\nset_inode_field "), where, Buffer.from(` ${field} ${value}`)],
    ),
    Buffer.from("\n"),
  ];
  const script = "debugfs-commands";
  writeFileSync(join(folder, script), Buffer.concat(commands));
  const env = { ...toolEnvironment(), E2FSPROGS_FAKE_TIME: `${fixedSeconds}` };
  const place = `${disk}?offset=${offset}`;
  await runCommand(["debugfs", "-w", "-f", script, place], { cwd: folder, env, signal, limits: toolLimits });
  await checkFileSystem(
    change,
    `the file system of ${shown} has errors after ${content.name} was written to it`,
  );
}

async function requireClean(source: ByteSource, change: DiskChange): Promise<void> {
  const { shown } = change;
  const superblock = await readSuperblock(source);
  if (!superblock) throw notWritable(shown, "its file system is not an ext file system");
  const { features, isClean, hasErrors, blocks, blockSize } = superblock;
  if (hasFeature(features, "needs_recovery"))
    throw notWritable(shown, "the journal of its file system was not replayed");
  if (!isClean) throw notWritable(shown, "its file system was not unmounted");
  if (hasErrors) throw notWritable(shown, "its file system has errors");
  if (blocks * blockSize > source.size)
    throw notWritable(shown, "its file system is larger than its partition");
  await checkFileSystem(change, `the file system of ${shown} has errors`);
}

/** Has e2fsck look at a file system, of which it changes nothing. @throws AppError `damaged-file-system` */
async function checkFileSystem({ folder, disk, offset, signal }: DiskChange, message: string): Promise<void> {
  const config = join(folder, "e2fsck.conf");
  // The clock of a guest may be ahead of this host's.
  writeFileSync(config, "[options]\n\tbroken_system_clock = true\n");
  const env = { ...toolEnvironment(), E2FSCK_CONFIG: config };
  try {
    const place = `${disk}?offset=${offset}`;
    await runCommand(["e2fsck", "-f", "-n", place], { cwd: folder, env, signal, limits: toolLimits });
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "command-failed") throw cause;
    throw new AppError(
      {
        code: "damaged-file-system",
        message,
        advice: "Let the guest check its file systems, with fsck.",
        details: cause.details,
      },
      { cause },
    );
  }
}

/** Bytes. debugfs takes what a line has over 8 KiB for the next command; Linux has paths of half as much. */
const longestPath = 4000;

function quote(names: readonly Buffer[], shown: string): Buffer {
  const parts = names.flatMap((name) => [Buffer.from("/"), checkName(name, shown)]);
  if (parts.reduce((sum, { length }) => sum + length, 0) > longestPath)
    throw notWritable(shown, `its path has more than ${longestPath} bytes`);
  return Buffer.concat([
    Buffer.from('"'),
    ...(parts.length === 0 ? [Buffer.from("/")] : parts),
    Buffer.from('"'),
  ]);
}

function quoteName(name: Buffer, shown: string): Buffer {
  return Buffer.concat([Buffer.from('"'), checkName(name, shown), Buffer.from('"')]);
}

/** debugfs takes a line for a command, and quotes for the ends of a name. */
function checkName(name: Buffer, shown: string): Buffer {
  if (name.length > 0 && !name.some((byte) => byte < 0x20 || byte === 0x22 || byte === 0x7f)) return name;
  throw notWritable(shown, "its path has a quote or a control character");
}
