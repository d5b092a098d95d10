import { createHash } from "node:crypto";
import { chmod, lstat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { describeEntry, type SourceImage } from "../cache/entry-record.ts";
import { discardEntry, findEntry, type HeldEntry, hasEntry, holdEntry } from "../cache/find-entry.ts";
import { findOrMakeEntry, whileOthersMake } from "../cache/make-entry.ts";
import { digestFile } from "../files/digest.ts";
import { guestGrowth } from "../files/free-space.ts";
import { stampOf } from "../files/tree-entries.ts";
import { forgetState, knownState, refusal, rememberState } from "../storage/known-states.ts";
import type { Paths } from "../storage/paths.ts";

/** A saved state in the cache, which stays there until this is disposed of. */
export interface SavedState extends Disposable {
  /** See `stateKey`. */
  readonly key: string;
  /** The file with the memory and the devices. */
  readonly memory: string;
  /** The layer of the disk, whose backing file is the image's disk. Each virtual machine gets a copy of it. */
  readonly layer: string;
  /** Milliseconds since the epoch. */
  readonly saved: number;
  /** The entry of the cache. */
  readonly entry: HeldEntry;
}

/** The interval at which a process checks whether a state of another home is still in use. Milliseconds. */
const pause = 100;

/** The names of a state's files in its folder. */
const fileNames = { memory: "memory", layer: "layer.qcow2" } as const;

/** The file of a kept checkpoint with all else that a run needs to continue from it. */
export const keptRecordName = "kept.json";

/**
 * Finds the saved state of that key. Tinsmith deletes one that it has not written, or that has changed since:
 * it is the memory of a guest, and its author decides what the guest does. While the list of this user's own states can't
 * be read, none is used and none is deleted.
 *
 * @returns undefined when there is none to restore.
 */
export async function findState(
  paths: Paths,
  key: string,
  onNote?: (text: string) => void,
): Promise<SavedState | undefined> {
  if (!hasEntry(paths, { kind: "state", key })) return undefined;
  try {
    knownState(paths, key);
  } catch (thrown) {
    onNote?.(`A saved state is not used: ${toAppError(thrown).message}.`);
    return undefined;
  }
  return await findOwn(paths, { kind: "state", key }, onNote);
}

/**
 * Finds the files of a kept checkpoint. They can't be made again, so they are not deleted, whatever is wrong with them.
 *
 * @returns the reason why they can't be used. @throws AppError as `knownState` does
 */
export async function findKeptState(paths: Paths, key: string): Promise<SavedState | { reason: string }> {
  const known = knownState(paths, key);
  if (!known) return { reason: `it was not made here: ${paths.knownStates} does not have it` };
  using cleanup = new DisposableStack();
  const entry = await holdEntry(paths, { kind: "checkpoint", key });
  if (!entry) return { reason: "it was deleted just now" };
  cleanup.use(entry);
  if (!(await isOwn(paths, { kind: "checkpoint", key }, entry.folder)))
    return { reason: `files in ${entry.folder} were changed, damaged or deleted` };
  const state = await describeState(key, entry);
  cleanup.move();
  return state;
}

/** Finds a state that was made here, and deletes another one of its name. @throws AppError as `knownState` does */
async function findOwn(
  paths: Paths,
  name: StateName,
  onNote: ((text: string) => void) | undefined,
): Promise<SavedState | undefined> {
  const { kind, key } = name;
  // Somebody may have copied the cache to another disk.
  const known = knownState(paths, key);
  const isRight = async (folder: string) =>
    known !== undefined && (await hasDigest(kind, folder, known.digest));
  const entry = await findEntry(paths, name, { onNote, isRight });
  if (!entry) return undefined;
  try {
    if (await isOwn(paths, name, entry.folder)) return await describeState(key, entry);
  } catch (error) {
    entry[Symbol.dispose]();
    throw error;
  }
  const what = describeEntry(entry.folder)?.what ?? entry.folder;
  const isGone = await discardEntry(paths, entry);
  onNote?.(
    `In the cache, ${what} was not made here, or was changed. Tinsmith ${isGone ? "has deleted it" : "doesn't use it"}.`,
  );
  forgetState(paths, key);
  return undefined;
}

/** The time for which a virtual machine waits for its state: most guests have booted by then. Milliseconds. */
const statePatience = 30_000;

/**
 * Finds the saved state of that key as `findState` does. While another process saves it, this waits: that process has begun to boot
 * before.
 *
 * @param what a description for people: a noun phrase. @throws the signal's reason
 */
export async function findOrAwaitState(
  paths: Paths,
  {
    key,
    what,
    onNote,
    signal,
  }: Omit<StateRequest, "kind" | "image" | "make" | "onNote"> & { readonly onNote: OnNote },
): Promise<SavedState | undefined> {
  const found = await findState(paths, key, onNote);
  if (found) return found;
  const limit = AbortSignal.timeout(statePatience);
  const onWait = () => onNote(`Waiting for ${what}, which another process is saving now.`);
  try {
    await whileOthersMake(
      paths,
      { kind: "state", key },
      { onWait, signal: AbortSignal.any([signal, limit]) },
    );
  } catch {
    signal.throwIfAborted();
    onNote(`The VM boots: ${what} was not saved in ${statePatience / 1000} s.`);
    return undefined;
  }
  return await findState(paths, key, onNote);
}

/** Whether the files of a state have the digest that was recorded when they were made. Unchanged files are not read. */
async function isOwn(paths: Paths, { kind, key }: StateName, folder: string): Promise<boolean> {
  const known = knownState(paths, key);
  if (!known) return false;
  const stamp = await stampState(kind, folder).catch(() => undefined);
  if (stamp === known.stamp) return true;
  const { digest } = known;
  if (stamp === undefined || !(await hasDigest(kind, folder, digest))) return false;
  rememberState(paths, key, { digest, stamp });
  return true;
}

/** Whether the files of a state have that digest. Files that are missing or can't be read have none. */
async function hasDigest(kind: StateKind, folder: string, digest: string): Promise<boolean> {
  return (await digestState(kind, folder).catch(() => undefined)) === digest;
}

/** The kinds of entries of the cache that are states: those of images at a moment of the boot, and kept checkpoints. */
type StateKind = "state" | "checkpoint";

interface StateName {
  readonly kind: StateKind;
  readonly key: string;
}

/** The files of a state that decide what a virtual machine does that continues from it. */
function filesOf(kind: StateKind): readonly string[] {
  return [...Object.values(fileNames), ...(kind === "checkpoint" ? [keptRecordName] : [])];
}

interface StateRequest {
  readonly kind?: StateKind;
  readonly key: string;
  /** A description for people: a noun phrase. */
  readonly what: string;
  /** The image of its disk. */
  readonly image: SourceImage;
  /** Writes both files of the state. */
  readonly make: (files: { readonly memory: string; readonly layer: string }) => Promise<void>;
  readonly onNote?: OnNote | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the saved state of that key, or makes it. Only this user can read it.
 *
 * @throws RefusedState when restoring a state of this key has failed before; AppError `no-space` and others of
 *   `findOrMakeEntry`; what `make` throws
 */
export async function findOrMakeState(paths: Paths, request: StateRequest): Promise<SavedState> {
  const { kind = "state", key, what, image, make, onNote, signal } = request;
  const reason = refusal(paths, key);
  if (reason !== undefined) throw refused(what, reason);
  for (;;) {
    const found = await findOwn(paths, { kind, key }, onNote);
    if (found) return found;
    const entry = await findOrMakeEntry(paths, {
      ...{ kind, key, what, image, bytes: guestGrowth, onNote, onWait: onNote, signal },
      make: async (folder) => {
        const files = { memory: join(folder, fileNames.memory), layer: join(folder, fileNames.layer) };
        await make(files);
        await Promise.all(Object.values(files).map((file) => chmod(file, 0o600)));
        rememberState(paths, key, {
          digest: await digestState(kind, folder),
          stamp: await stampState(kind, folder),
        });
      },
    });
    if (await isOwn(paths, { kind, key }, entry.folder)) return await describeState(key, entry);
    // Another home that shares this cache has made it meanwhile. It is deleted as soon as nobody there uses it.
    if (!(await discardEntry(paths, entry)))
      await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Deletes a state that could not be restored, and remembers that its key makes none that can. */
export async function discardState(paths: Paths, state: SavedState, reason: string): Promise<void> {
  forgetState(paths, state.key, reason);
  await discardEntry(paths, state.entry);
}

async function describeState(key: string, entry: HeldEntry): Promise<SavedState> {
  const memory = join(entry.folder, fileNames.memory);
  const { mtimeMs } = await lstat(memory);
  const layer = join(entry.folder, fileNames.layer);
  return { key, entry, memory, layer, saved: mtimeMs, [Symbol.dispose]: entry[Symbol.dispose] };
}

/** SHA-256 of all files, in hexadecimal. */
async function digestState(kind: StateKind, folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of filesOf(kind)) hash.update(await digestFile(join(folder, name)));
  return hash.digest("hex");
}

async function stampState(kind: StateKind, folder: string): Promise<string> {
  const stamps = filesOf(kind).map(async (name) =>
    stampOf(await lstat(join(folder, name), { bigint: true })),
  );
  return (await Promise.all(stamps)).join(" ");
}

/** The error for a state that is not made, because restoring one of its key has failed. */
export class RefusedState extends AppError {}

function refused(what: string, reason: string): RefusedState {
  return new RefusedState({
    code: "guest-action-failed",
    message: `${what} is not made again, because restoring one has failed: ${reason}`,
    advice: "Make it with tinsmith warm, which tries again.",
  });
}
