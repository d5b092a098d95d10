import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { fileNotFound, guestErrorHeader } from "../../../shared/guest/guest-protocol.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { explainDiskError, targetExists } from "../../files/disk-errors.ts";
import { freeMemory } from "../../files/free-memory.ts";
import { createSpaceReserve } from "../../files/free-space.ts";
import { PartialFile } from "../../files/writing/partial-file.ts";
import { createWriteBehind } from "../../files/writing/write-behind.ts";
import type { MetaLimits } from "../limits.ts";
import type { GuestReply } from "./action-dispatcher.ts";
import type { ActionQueue } from "./action-queue.ts";
import { fileMissing, noSpace } from "./artifact-errors.ts";
import { malformedReply } from "./failed-try.ts";
import type { ArtifactOptions } from "./guest-actions.ts";
import { replyBody, requirePost } from "./reply-body.ts";

/** See `GuestActions.getArtifact`. */
export async function getArtifact(
  queue: ActionQueue,
  limits: MetaLimits,
  path: string,
  target: string,
  options: ArtifactOptions = {},
): Promise<{ readonly bytes: number }> {
  options.signal?.throwIfAborted();
  const { mayReplace = false } = options;
  if (!mayReplace && (await lstat(target).catch(() => undefined))) throw targetExists(target);
  const explain = (error: unknown) => Promise.reject(explainDiskError(target, error));
  await using file = await PartialFile.create(target).catch(explain);
  const bytes = await queue.perform({
    request: { type: "get-artifact", path },
    signal: options.signal,
    receive: async (reply, signal) => {
      requirePost(reply);
      if (saysNotFound(reply)) return undefined;
      const { onProgress } = options;
      return await receiveFile(reply, { file, target, mayReplace, limits, signal, onProgress }).catch(
        explain,
      );
    },
  });
  if (bytes === undefined) throw fileMissing(path);
  return { bytes };
}

interface Download {
  readonly file: PartialFile;
  readonly target: string;
  readonly mayReplace: boolean;
  readonly limits: MetaLimits;
  readonly signal: AbortSignal;
  readonly onProgress: ArtifactOptions["onProgress"];
}

async function receiveFile({ request }: GuestReply, download: Download): Promise<number> {
  const { file, target, mayReplace, limits, signal, onProgress } = download;
  const total = lengthOf(request.headers["content-length"]);
  const reserve = createSpaceReserve(dirname(target), limits.diskReserve);
  if (total !== undefined && !(await reserve.fits(total))) throw noSpace(target, total, limits.diskReserve);
  // The rest of an earlier try.
  await file.clear();
  let written = 0;
  await using behind = createWriteBehind(async (block) => {
    await file.write(block, written);
    written += block.length;
  });
  let bytes = 0;
  onProgress?.({ bytes, total });
  for await (const chunk of replyBody(request, { signal, limits })) {
    if (!(await reserve.take(chunk.length))) throw noSpace(target, total, limits.diskReserve);
    bytes += chunk.length;
    await behind.add(chunk);
    freeMemory(chunk);
    onProgress?.({ bytes, total });
  }
  await behind.flush();
  await file.sync();
  signal.throwIfAborted();
  await (mayReplace ? file.commit() : file.commitAsNew());
  return bytes;
}

function lengthOf(header: string | undefined): number | undefined {
  return header === undefined ? undefined : Number(header);
}

/** @throws FailedTry when the guest reports another error, which the protocol does not know. */
function saysNotFound({ request }: GuestReply): boolean {
  const error = request.headers[guestErrorHeader.toLowerCase()];
  if (error === undefined) return false;
  if (error === fileNotFound) return true;
  throw malformedReply(`the guest has an error that this host does not know: ${escapeName(String(error))}`);
}
