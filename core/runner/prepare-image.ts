import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { requireSpaceBesideCache } from "../cache/require-space.ts";
import { guestGrowth } from "../files/free-space.ts";
import { type OpenedImage, openImage, spaceToOpen } from "../image/archive/open-image.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import type { Paths } from "../storage/paths.ts";
import { type BootCheckpoint, saveCheckpoint, startFrom } from "./boot-checkpoint.ts";

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
  /** Takes the image, which stays unpacked until the run ends. */
  readonly cleanup: DisposableStack;
  readonly onNote: OnNote;
}

/**
 * Opens the image of a run, whose guest works on a layer in the session's folder; with a checkpoint, boots it up to there, or
 * takes what an earlier run has left.
 *
 * @throws AppError as `openImage` and `saveCheckpoint` do; the signal's reason.
 */
export async function prepareImage(plan: RunPlan, context: PrepareContext): Promise<PreparedImage> {
  const { paths, checkpoint, session, cleanup, signal, onNote } = context;
  const { working } = session.paths;
  const own = join(working, "image");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  if (!checkpoint) {
    const ownFolder = join(working, "unpacked");
    const { archive, trusted } = plan;
    const image = cleanup.use(await openImage(paths, { archive, trusted, ownFolder, signal, onNote }));
    return startFrom(image, image.layer, own);
  }
  checkpoint.image ??= await openForCheckpoint(plan, checkpoint, context);
  const { memory } = plan;
  if (!checkpoint.isSaved) await saveCheckpoint(checkpoint, checkpoint.image, { ...context, paths, memory });
  return { ...startFrom(checkpoint.image, checkpoint.layer, own), savedState: checkpoint.state };
}

/** @throws AppError `no-space` */
async function openForCheckpoint(
  { archive, trusted }: RunPlan,
  { folder }: BootCheckpoint,
  { paths, signal, onNote }: PrepareContext,
): Promise<OpenedImage> {
  const bytes = (await spaceToOpen(paths, archive, signal)) + guestGrowth;
  await requireSpaceBesideCache(paths, "the virtual machine that has booted", [{ folder, bytes }]);
  return await openImage(paths, { archive, trusted, ownFolder: join(folder, "unpacked"), signal, onNote });
}
