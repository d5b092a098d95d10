import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { guestGrowth, requireSpace } from "../files/free-space.ts";
import { archivedDiskData } from "../image/archive/archived-disk.ts";
import { extractArchive } from "../image/archive/extract-archive.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { requireTrusted } from "../storage/known-images.ts";
import type { Paths } from "../storage/paths.ts";
import { type BootCheckpoint, diskOf, fromCheckpoint, saveCheckpoint } from "./boot-checkpoint.ts";

/** An image that a virtual machine can be started with. */
export interface PreparedImage {
  readonly machine: Machine;
  readonly disk: Disk;
  /** The state of the virtual machine, if it has booted. */
  readonly savedState?: string;
}

interface PrepareContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly checkpoint?: BootCheckpoint | undefined;
  readonly session: ServedSession;
  readonly onNote: OnNote;
}

/**
 * Extracts the image of a run into the session's folder; with a checkpoint, boots it up to there, or takes what an earlier
 * run has left.
 *
 * @throws AppError as `extractArchive`, `requireTrusted` and `saveCheckpoint` do; the signal's reason.
 */
export async function prepareImage(
  { archive, memory, trusted }: RunPlan,
  { paths, signal, checkpoint, session, onNote }: PrepareContext,
): Promise<PreparedImage> {
  const own = join(session.paths.working, "image");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  const image = checkpoint?.image ?? own;
  if (!checkpoint?.isSaved) {
    if (checkpoint) await requireSpaceFor(checkpoint, archive);
    rmSync(image, { recursive: true, force: true });
    mkdirSync(image);
    const { digest } = await extractArchive({ archive, folder: image, signal, onNote });
    const warning = requireTrusted(paths, archive, digest, trusted);
    if (warning) onNote(warning);
  }
  if (!checkpoint) return { machine: readMachineFile(join(image, "machine.json")), disk: diskOf(image) };
  if (!checkpoint.isSaved) await saveCheckpoint(checkpoint, { paths, session, memory, signal, onNote });
  return { ...fromCheckpoint(checkpoint, own), savedState: checkpoint.state };
}

/** @throws AppError `no-space` */
async function requireSpaceFor({ image }: BootCheckpoint, archive: string): Promise<void> {
  const bytes = (await archivedDiskData(archive)) + guestGrowth;
  await requireSpace("the virtual machine that has booted", [{ folder: dirname(image), bytes }]);
}
