import { statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { findKeptDisk } from "../../builder/working-disk.ts";
import type { Contents } from "../../contents/tree/contents.ts";
import { type OpenOptions, openContents, openDiskContents } from "../../contents/tree/open-contents.ts";
import { findUnpacked } from "../../image/archive/open-image.ts";
import type { DiskFiles } from "../../image/disk/open-disk.ts";
import { attach } from "../../session/client/attach.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import { findKept, listKept } from "../../states/kept-checkpoints.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { machineStateNow } from "../../vm/machine-state.ts";
import { checkpointPrefix, isNamedSource } from "./source-name.ts";

/**
 * Opens what a source holds: a file as `openContents` takes it; the folder of a disk that a failed build has kept, or the id of its
 * session; `checkpoint:NAME`, the disk at a checkpoint, kept or of a running session: `checkpoint:SESSION/NAME` if several have it. A
 * virtual machine that runs is not touched.
 *
 * @throws AppError as `openContents`; `usage` for an unknown checkpoint; `missing-file`
 */
export async function openSource(paths: Paths, source: string, options: OpenOptions): Promise<Contents> {
  if (source.startsWith(checkpointPrefix))
    return await openCheckpoint(paths, source.slice(checkpointPrefix.length), options);
  const folder = isNamedSource(source) ? sessionPaths(paths, source).folder : source;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return await openContents(paths, source, options);
  const disk = await findKeptDisk(paths, folder, options.onNote);
  return await openHeld(disk.files, source, disk, options.signal);
}

async function openCheckpoint(paths: Paths, name: string, options: OpenOptions): Promise<Contents> {
  const source = `${checkpointPrefix}${name}`;
  const isKept = (await listKept(paths)).some((kept) => kept.name === name);
  if (!isKept) return await openHeld(await findRunning(paths, name), source, undefined, options.signal);
  using cleanup = new DisposableStack();
  const { record, state } = await findKept(paths, name);
  cleanup.use(state);
  const image = cleanup.use(await findUnpacked(paths, record.digest, options.onNote));
  if (!image) throw imageIsGone(`the checkpoint ${JSON.stringify(name)}`);
  const files = { layer: state.layer, backing: join(image.folder, "disk.img"), snapshot: record.tag };
  return await openHeld(files, source, cleanup.move(), options.signal);
}

/** The disk at a checkpoint of a running session. */
async function findRunning(paths: Paths, name: string): Promise<DiskFiles> {
  const [, onlySession, nameInSession] = /^(\d{8}-\d{6}-[\da-f]{4})\/(.+)$/.exec(name) ?? [];
  const wanted = nameInSession ?? name;
  const sessions = findSessions(paths).filter(({ id }) => onlySession === undefined || id === onlySession);
  const found: { readonly session: string; readonly disk: DiskFiles }[] = [];
  for (const { id } of sessions) {
    using session = await attach(paths, id).catch(() => undefined);
    const state = session && (await machineStateNow(session.api.machine).catch(() => undefined));
    const checkpoints = state && "checkpoints" in state ? (state.checkpoints ?? []) : [];
    const disk = checkpoints.find((checkpoint) => checkpoint.name === wanted)?.disk;
    if (disk) found.push({ session: id, disk });
  }
  const [first, second] = found;
  if (first && !second) return first.disk;
  throw new AppError({
    code: "usage",
    message: second
      ? `several sessions have a checkpoint ${JSON.stringify(wanted)}`
      : `there is no checkpoint ${JSON.stringify(wanted)}`,
    advice: second
      ? `Name the session, too: ${checkpointPrefix}${first?.session}/${wanted}.`
      : "List them with tinsmith checkpoint list, and with --kept.",
  });
}

/** Opens a disk. @param held disposed of with the contents */
async function openHeld(
  files: DiskFiles,
  name: string,
  held: Disposable | undefined,
  signal: AbortSignal | undefined,
): Promise<Contents> {
  using cleanup = new DisposableStack();
  if (held) cleanup.use(held);
  const contents = await openDiskContents(files, signal, name);
  const owned = cleanup.move();
  return {
    ...contents,
    [Symbol.asyncDispose]: async () => {
      await contents[Symbol.asyncDispose]();
      owned.dispose();
    },
  };
}

function imageIsGone(what: string): AppError {
  return new AppError({
    code: "missing-file",
    message: `the image below the disk of ${what} is not in the cache any more`,
    advice: "Start from it again: that unpacks the image.",
  });
}
