import { join } from "node:path";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { isCacheTrouble } from "../cache/cache-trouble.ts";
import { requireSpaceBesideCache } from "../cache/require-space.ts";
import { guestGrowth } from "../files/free-space.ts";
import { copyLayer, diskOn, type OpenedImage, openImage, spaceToOpen } from "../image/archive/open-image.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { describeState, keyOf, type StateSubject } from "../states/capture-state.ts";
import { findOrMakeState, findState, RefusedState, type SavedState } from "../states/state-store.ts";
import type { Paths } from "../storage/paths.ts";
import { type BootCheckpoint, saveBoot } from "./boot-checkpoint.ts";
import type { NewTools } from "./replace-tools.ts";

/** An image that a virtual machine can be started with. */
export interface PreparedImage {
  readonly machine: Machine;
  readonly disk: Disk;
  /** The file with the state of the virtual machine, if it has booted. */
  readonly savedState?: string;
  /** The saved state in the cache that it continues from. */
  readonly stored?: SavedState;
}

/**
 * Whether a run may continue from a saved state of the cache: `never`; `if-saved`, from one that is there; `always`, which
 * makes one that is not there.
 */
export type Warmth = "never" | "if-saved" | "always";

interface PrepareContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly checkpoint?: BootCheckpoint | undefined;
  readonly newTools?: NewTools | undefined;
  readonly warmth: Warmth;
  readonly session: ServedSession;
  /** Disposes of the image and the saved state at the end of the run. */
  readonly cleanup: DisposableStack;
  readonly onNote: OnNote;
}

/**
 * Opens the image of a run, whose guest works on a layer in the session's folder. With a checkpoint or a saved state, the guest
 * has booted already; with new tools, that is the one of their image.
 *
 * @throws AppError as `openImage`, `saveBoot` and `findOrMakeState` do; the signal's reason.
 */
export async function prepareImage(plan: RunPlan, context: PrepareContext): Promise<PreparedImage> {
  const { paths, session, checkpoint, newTools, warmth, cleanup, signal, onNote } = context;
  if (newTools) {
    const { image, state } = newTools;
    return { ...startFrom(image, state.layer, session), savedState: state.memory };
  }
  if (checkpoint && warmth === "never") return await continueFrom(checkpoint, plan, context);
  const { archive, trusted } = plan;
  const ownFolder = join(session.paths.working, "unpacked");
  const image = cleanup.use(await openImage(paths, { archive, trusted, ownFolder, signal, onNote }));
  const stored = warmth === "never" ? undefined : await takeState(plan, image, warmth, context);
  const prepared = startFrom(image, stored?.layer ?? image.layer, session);
  return stored ? { ...prepared, savedState: stored.memory, stored } : prepared;
}

/** Continues from a checkpoint, which is saved first if it was not before. */
async function continueFrom(
  checkpoint: BootCheckpoint,
  plan: RunPlan,
  context: PrepareContext,
): Promise<PreparedImage> {
  const image = checkpoint.image ?? (await openForCheckpoint(plan, checkpoint, context));
  checkpoint.image = image;
  if (!checkpoint.isSaved) {
    await saveBoot(subjectOf(plan, image, context), checkpoint, context);
    checkpoint.isSaved = true;
  }
  return { ...startFrom(image, checkpoint.layer, context.session), savedState: checkpoint.memory };
}

/** The machine and disk of a run of an image: the disk's layer is a copy in the session's folder. */
function startFrom(image: OpenedImage, layer: string, { paths }: ServedSession): PreparedImage {
  const copy = join(paths.working, "layer.qcow2");
  copyLayer(layer, copy);
  return { machine: readMachineFile(join(image.folder, "machine.json")), disk: diskOn(image, copy) };
}

function subjectOf(
  { archive, memory }: RunPlan,
  image: OpenedImage,
  { paths, session }: PrepareContext,
): StateSubject {
  return {
    ...{ paths, archive, image, memory, moment: "guest-tools" },
    ...{ files: session.paths, name: session.id },
  };
}

async function takeState(
  plan: RunPlan,
  image: OpenedImage,
  warmth: Warmth,
  context: PrepareContext,
): Promise<SavedState | undefined> {
  const { paths, onNote, signal, cleanup } = context;
  const subject = subjectOf(plan, image, context);
  const key = await keyOf(subject);
  const what = describeState(subject);
  const make = (files: { memory: string; layer: string }) => saveBoot(subject, files, context);
  const state =
    warmth === "if-saved"
      ? await findState(paths, key, onNote)
      : await findOrMakeState(paths, { key, what, signal, onNote, make }).catch((thrown) => {
          signal.throwIfAborted();
          if (!isCacheTrouble(thrown) && !(thrown instanceof RefusedState)) throw thrown;
          onNote(`The VM boots, and does not continue from a saved state: ${toAppError(thrown).message}.`);
          return undefined;
        });
  return state && cleanup.use(state);
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
