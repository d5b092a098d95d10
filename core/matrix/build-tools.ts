import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { prepareGuestTools } from "../builder/prepare-guest-tools.ts";
import { digestFile } from "../files/digest.ts";
import { makeFolder } from "../files/folders.ts";
import { type FileLock, tryLock } from "../files/locks/file-lock.ts";
import { readPieces } from "../files/read-pieces.ts";
import { openRegularFile, statusOf } from "../files/regular-file.ts";
import { PartialFile } from "../files/writing/partial-file.ts";
import { runCommand } from "../process/run-command.ts";
import { toolsBinary } from "./chosen-tools.ts";
import { matrixFolder } from "./places.ts";
import type { ToolsUnit } from "./units.ts";

/** The variable by which a build command learns which version of the guest tools it is to build. */
const versionVariable = "GUEST_TOOLS_VERSION";

interface ToolsContext {
  readonly signal: AbortSignal;
  readonly onWait: (reason: string) => void;
}

/**
 * Builds guest tools, and copies the binary to their place: the command may write each version to the same file. So one command
 * of an image set runs at a time, whichever process wants it.
 *
 * @returns false if the binary there is the same. @throws AppError as `prepareGuestTools` does
 */
export async function buildTools(
  { folder, tools, version, place }: ToolsUnit,
  { signal, onWait }: ToolsContext,
): Promise<boolean> {
  makeFolder(place);
  using _lock = await lockWhenFree(join(matrixFolder({ folder }), ".guest-tools.lock"), { signal, onWait });
  const built = join(place, "built");
  makeFolder(built);
  const files = await prepareGuestTools(tools, {
    ...{ recipeFolder: folder, folder: built },
    variables: version === undefined ? undefined : { [versionVariable]: version },
    run: (argv, options) => runCommand(argv, { ...options, signal }),
  });
  const [binary] = files.flatMap((file) => ("from" in file ? [file.from] : []));
  if (binary === undefined) throw new Error("the guest tools have no binary");
  return await copyIfOther(binary, join(place, toolsBinary), signal);
}

/** Milliseconds between two tries to take a lock that another process has. */
const lockInterval = 500;

async function lockWhenFree(path: string, { signal, onWait }: ToolsContext): Promise<FileLock> {
  for (;;) {
    const lock = tryLock(path, `tinsmith matrix (process ${process.pid})`);
    if (!("heldBy" in lock)) return lock;
    onWait(`guest tools that ${lock.heldBy} builds`);
    await delay(lockInterval, undefined, { signal });
  }
}

async function copyIfOther(from: string, to: string, signal: AbortSignal): Promise<boolean> {
  if (statusOf(to) && (await digestFile(to, { signal })) === (await digestFile(from, { signal })))
    return false;
  await using copy = await PartialFile.create(to);
  await using file = await openRegularFile(from);
  let position = 0;
  for await (const piece of readPieces(file, { signal })) {
    await copy.write(piece, position);
    position += piece.length;
  }
  await copy.setMode(0o755);
  await copy.sync();
  await copy.commit();
  return true;
}
