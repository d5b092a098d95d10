import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { checkpointNameSchema, type KeptCheckpoint } from "../../shared/checkpoint/checkpoint.ts";
import { makePlan, type RunPlan } from "../../shared/contracts/plan.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { nearestName } from "../../shared/text/nearest-name.ts";
import { deleteUnlessUsed } from "../cache/delete-entry.ts";
import { isPartialFolder } from "../cache/find-entry.ts";
import { digestText } from "../files/digest.ts";
import { folderBytes } from "../files/disk-usage.ts";
import { lockFolder } from "../files/locks/file-lock.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { readTextFile } from "../files/text-file.ts";
import { forgetState } from "../storage/known-states.ts";
import { cacheEntriesFolder, type Paths } from "../storage/paths.ts";
import { currentSettings } from "../storage/settings-store.ts";
import { findKeptState, findOrMakeState, keptRecordName, type SavedState } from "./state-store.ts";

const connectionEnd = z.object({ address: z.string(), port: z.number() });

/** All that a run needs to continue from a checkpoint of an earlier one, beside its memory and its disk. */
export const keptRecordSchema = z.object({
  version: z.literal(1),
  name: checkpointNameSchema,
  /** The id of the session in which it was made. */
  session: z.string(),
  /** Milliseconds since the epoch, as far as a date can be. */
  time: z.number().min(0).max(8.64e15),
  /** The path of the image, and SHA-256 of it in hexadecimal. */
  archive: z.string(),
  digest: z.string(),
  /** MiB, if it was not that of the machine definition. */
  memory: z.number().optional(),
  internet: z.boolean(),
  task: z.object({
    command: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    tty: z.boolean().optional(),
  }),
  /** QEMU's name for the moment. */
  tag: z.string(),
  /** See `hardwareArguments`. */
  hardware: z.array(z.string()),
  /** See `VmCommandOptions`. */
  isRestorable: z.boolean(),
  /** The guest's open connections. */
  connections: z.array(z.object({ guest: connectionEnd, other: connectionEnd })),
  /** See `TaskProgress`. */
  progress: z.object({
    stage: z.enum(["not-started", "started", "ended"]),
    resolved: z.enum(["success", "failed"]).optional(),
  }),
});
export type KeptRecord = z.infer<typeof keptRecordSchema>;

/** A kept checkpoint in the cache. */
interface KeptEntry {
  readonly record: KeptRecord;
  /** Of the entry in the cache. */
  readonly key: string;
}

/** The key of an entry is the digest of its record. */
const keyLength = 40;
const keyOfText = (text: string) => digestText(text).slice(0, keyLength);

interface KeepOptions {
  /** Copies the memory and the layer of the disk into new files. */
  readonly copy: (files: { readonly memory: string; readonly layer: string }) => Promise<void>;
  readonly onNote: OnNote;
  readonly signal: AbortSignal;
}

/**
 * Keeps a checkpoint, until a person deletes it.
 *
 * @throws AppError `usage` when its name is taken; `no-space` when all of them take the size of the cache; what `copy`
 *   throws
 * @returns its folder
 */
export async function keepCheckpoint(
  paths: Paths,
  record: KeptRecord,
  { copy, onNote, signal }: KeepOptions,
): Promise<string> {
  const { name, archive, digest } = record;
  using _alone = await lockNames(paths, signal);
  const same = readKept(paths).find((one) => one.record.name === name);
  if (same) throw nameTaken(same.record);
  await requireRoom(paths);
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const state = await findOrMakeState(paths, {
    ...{ kind: "checkpoint", key: keyOfText(text), image: { archive, digest }, signal, onNote },
    what: `the checkpoint ${JSON.stringify(name)} of ${basename(archive)}`,
    make: async (files) => {
      await copy(files);
      await writeFile(join(dirname(files.memory), keptRecordName), text, { mode: 0o600 });
    },
  });
  using _held = state;
  if (!readRecord(state.entry.folder)) throw notUsable(name, "its record was changed meanwhile");
  return state.entry.folder;
}

/** The interval at which a process checks whether another one has kept its checkpoint. Milliseconds. */
const pause = 50;

/** Waits until no other process keeps a checkpoint: two could choose the same name. @throws the signal's reason */
async function lockNames(paths: Paths, signal: AbortSignal): Promise<Disposable> {
  const folder = cacheEntriesFolder(paths, "checkpoint");
  makePrivateFolder(folder);
  for (;;) {
    const lock = lockFolder(folder, "exclusive");
    if (lock) return lock;
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Kept checkpoints are not deleted to make room, so they need a limit of their own. */
async function requireRoom(paths: Paths): Promise<void> {
  const limit = currentSettings(paths).retention.cacheGib * 1024 ** 3;
  const taken = (await listKept(paths)).reduce((sum, { size }) => sum + size, 0);
  if (taken < limit) return;
  throw new AppError({
    code: "no-space",
    message: `the kept checkpoints take ${formatBytes(taken)}, and the settings keep ${formatBytes(limit)} for the cache`,
    advice:
      "Delete one that you no longer need, with tinsmith checkpoint delete --kept. Or raise the limit in the settings.",
  });
}

/** The kept checkpoints, the newest first. */
export async function listKept(paths: Paths): Promise<KeptCheckpoint[]> {
  const parent = cacheEntriesFolder(paths, "checkpoint");
  const described = readKept(paths).map(async ({ key, record: { name, time, session, archive, task } }) => ({
    ...{ name, time, size: await folderBytes(join(parent, key)), session, archive },
    command: task.command,
  }));
  return (await Promise.all(described)).sort((one, other) => other.time - one.time);
}

/** The choices of a person who starts a run from a kept checkpoint. */
type KeptChoices = Partial<Pick<RunPlan, "keepAlive" | "timeout" | "vncPort">>;

/** The plan of a run that continues from a kept checkpoint. @throws AppError `usage` if there is none of that name */
export function planFromKept(
  paths: Paths,
  name: string,
  { keepAlive, timeout, vncPort }: KeptChoices = {},
): RunPlan {
  const { archive, task, memory, internet, progress } = requireKept(paths, name).record;
  return makePlan({
    kind: "run",
    checkpoint: name,
    // The run of a task that has ended would be over at once.
    keepAlive: keepAlive ?? progress.stage === "ended",
    ...{ archive, task, memory, internet, timeout, vncPort },
  });
}

/** Finds a kept checkpoint, which stays until the state is disposed of. @throws AppError `usage` if there is none of that name */
export async function findKept(
  paths: Paths,
  name: string,
): Promise<{ readonly record: KeptRecord; readonly state: SavedState }> {
  const { key, record } = requireKept(paths, name);
  const state = await findKeptState(paths, key).catch((thrown) => {
    throw notUsable(name, toAppError(thrown).message);
  });
  if ("reason" in state) throw notUsable(name, state.reason);
  return { record, state };
}

/** Deletes a kept checkpoint. @throws AppError `usage` if there is none of that name, `busy` while a session continues from it */
export async function deleteKept(paths: Paths, name: string): Promise<void> {
  const { key } = requireKept(paths, name);
  const folder = join(cacheEntriesFolder(paths, "checkpoint"), key);
  if (!(await deleteUnlessUsed(paths, { parts: [folder], locked: folder }))) throw inUse(name);
  forgetState(paths, key);
}

/** All that are in the cache, in no order. */
function readKept(paths: Paths): readonly KeptEntry[] {
  const parent = cacheEntriesFolder(paths, "checkpoint");
  if (!existsSync(parent)) return [];
  const keys = readdirSync(parent).filter((name) => !isPartialFolder(name));
  return keys.flatMap((key) => {
    const record = readRecord(join(parent, key));
    return record ? [{ key, record }] : [];
  });
}

/** The kept checkpoint of that name, without its files. @throws AppError `usage` */
function requireKept(paths: Paths, name: string): KeptEntry {
  const all = readKept(paths);
  const found = all.find(({ record }) => record.name === name);
  if (found) return found;
  const near = nearestName(
    name,
    all.map(({ record }) => record.name),
  );
  throw new AppError({
    code: "usage",
    message: `no checkpoint ${JSON.stringify(name)} is kept`,
    advice: `${near === undefined ? "" : `Do you mean ${JSON.stringify(near)}? `}tinsmith checkpoint list --kept lists them.`,
  });
}

/** @returns undefined when it was damaged or changed */
function readRecord(folder: string): KeptRecord | undefined {
  try {
    const text = readTextFile(join(folder, keptRecordName), { maximumBytes: 2 ** 20, code: "usage" });
    const record = keptRecordSchema.parse(JSON.parse(text));
    return basename(folder) === keyOfText(text) ? record : undefined;
  } catch {
    return undefined;
  }
}

function nameTaken({ name, session }: KeptRecord): AppError {
  return new AppError({
    code: "usage",
    message: `a checkpoint ${JSON.stringify(name)} is kept already, of session ${session}`,
    advice:
      "Rename the checkpoint of this session first, with tinsmith checkpoint rename. Or delete the one that is kept, with tinsmith checkpoint delete --kept.",
    field: "name",
  });
}

function notUsable(name: string, reason: string): AppError {
  return new AppError({
    code: "usage",
    message: `no session starts from the kept checkpoint ${JSON.stringify(name)}: ${reason}`,
    advice:
      "Correct that. Or delete it with tinsmith checkpoint delete --kept, then make and keep another one.",
  });
}

function inUse(name: string): AppError {
  return new AppError({
    code: "busy",
    message: `a session starts from the kept checkpoint ${JSON.stringify(name)} now`,
    advice: "Try again in a moment.",
  });
}
