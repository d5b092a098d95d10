import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { RunPlan } from "../../shared/contracts/plan.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { isCacheTrouble } from "../cache/cache-trouble.ts";
import { requireSpaceBesideCache } from "../cache/require-space.ts";
import { guestGrowth } from "../files/free-space.ts";
import {
  copyLayer,
  diskOn,
  type OpenedImage,
  openImage,
  openSameImage,
  spaceToOpen,
} from "../image/archive/open-image.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { identifyState, type StateSubject } from "../states/capture-state.ts";
import { findKept, type KeptRecord, keepCheckpoint } from "../states/kept-checkpoints.ts";
import { findOrMakeState, findState, RefusedState, type SavedState } from "../states/state-store.ts";
import type { Paths } from "../storage/paths.ts";
import type { KeepMoment, SavedMoment } from "../vm/checkpoint/saved-moment.ts";
import { type BootCheckpoint, saveBoot } from "./boot-checkpoint.ts";
import type { NewTools } from "./replace-tools.ts";

/** An image that a virtual machine can be started with. */
export interface PreparedImage {
  readonly machine: Machine;
  readonly disk: Disk;
  /** SHA-256 of the image's archive, in hexadecimal. */
  readonly digest: string;
  /** The moment of an earlier virtual machine from which this one continues. */
  readonly moment?: SavedMoment;
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
  if (plan.checkpoint !== undefined) return await continueFromKept(plan.checkpoint, plan, context);
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

/** Continues from a kept checkpoint, of which it uses copies. @throws AppError as `findKept` and `openSameImage` do */
async function continueFromKept(
  name: string,
  { archive }: RunPlan,
  { paths, session, cleanup, signal, onNote }: PrepareContext,
): Promise<PreparedImage> {
  const { record, state } = await findKept(paths, name);
  // Its files are copied; the run itself doesn't need them.
  using _held = state;
  const { working } = session.paths;
  const ownFolder = join(working, "unpacked");
  const image = cleanup.use(
    await openSameImage(paths, record.digest, { archive, ownFolder, signal, onNote }),
  );
  const memoryFile = join(working, `${record.tag}.memory`);
  copyLayer(state.memory, memoryFile);
  chmodSync(memoryFile, 0o600);
  onNote(
    `The virtual machine continues from the checkpoint ${JSON.stringify(name)} of session ${record.session}, where its log is up to then.`,
  );
  return {
    ...startFrom(image, state.layer, session),
    moment: {
      ...record,
      saved: record.time,
      memoryFile,
      progress: { resolved: undefined, ...record.progress },
    },
  };
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
  const machine = readMachineFile(join(image.folder, "machine.json"));
  return { machine, disk: diskOn(image, copy), digest: image.digest };
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
  const { key, what } = await identifyState(subject);
  const source = { archive: plan.archive, digest: image.digest };
  const make = (files: { memory: string; layer: string }) => {
    onNote(
      `This image has no saved state yet: the VM boots, Tinsmith saves its state, and the run continues from that. It takes longer than the next one.`,
    );
    return saveBoot(subject, files, context);
  };
  const state =
    warmth === "if-saved"
      ? await findState(paths, key, onNote)
      : await findOrMakeState(paths, { key, what, image: source, signal, onNote, make }).catch((thrown) => {
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

/** Gives the function that keeps checkpoints of a run. @param digest SHA-256 of the image, in hexadecimal */
export function keepFrom(
  { archive, memory, internet, task }: RunPlan,
  digest: string,
  { paths, session, signal, onNote }: Pick<PrepareContext, "paths" | "session" | "signal" | "onNote">,
): KeepMoment {
  return async ({ saved: time, hardware, connections, ...moment }, copy) => {
    const notes: string[] = [];
    const record: KeptRecord = {
      version: 1,
      ...moment,
      ...{ session: session.id, time, archive, digest, memory, internet, task },
      hardware: [...hardware],
      connections: [...connections],
    };
    // The session's log has the notes, too.
    const note: OnNote = (text, about) => {
      notes.push(text);
      onNote(text, about);
    };
    return { folder: await keepCheckpoint(paths, record, { copy, signal, onNote: note }), notes };
  };
}
