import { AppError } from "../../../shared/errors/errors.ts";
import { type FolderListing, folderListingSchema } from "../../../shared/guest/guest-protocol.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import type { MetaLimits } from "../limits.ts";
import type { GuestReply } from "./action-dispatcher.ts";
import type { ActionQueue } from "./action-queue.ts";
import { FailedTry, malformedReply } from "./failed-try.ts";
import type { ActionOptions } from "./guest-actions.ts";
import { replyBody, requirePost } from "./reply-body.ts";

/** See `GuestActions.listFolder`. */
export async function listFolder(
  queue: ActionQueue,
  limits: MetaLimits,
  path: string,
  { signal }: ActionOptions = {},
): Promise<FolderListing> {
  return await queue.perform({
    request: { type: "list-folder", path },
    signal,
    receive: async (reply, stop) => {
      requirePost(reply);
      requireJson(reply);
      return parseListing(await readWhole(reply, path, limits, stop));
    },
  });
}

function requireJson({ request }: GuestReply): void {
  const type = request.headers["content-type"] ?? "none";
  if (/^application\/json\s*(;|$)/i.test(type)) return;
  throw malformedReply(`a folder's listing needs the Content-Type application/json, not ${escapeName(type)}`);
}

async function readWhole(
  { request }: GuestReply,
  path: string,
  limits: MetaLimits,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of replyBody(request, { signal, limits })) {
    bytes += chunk.length;
    if (bytes > limits.folderListingBytes) throw tooManyFiles(path, limits.folderListingBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseListing(text: string): FolderListing {
  try {
    return folderListingSchema.parse(JSON.parse(text));
  } catch {
    throw malformedReply("a folder's listing is not the expected JSON");
  }
}

function tooManyFiles(path: string, limit: number): FailedTry {
  const { refusal } = malformedReply(`a folder's listing may have ${formatBytes(limit)} at most`);
  const final = new AppError({
    code: "guest-action-failed",
    message: `the guest's ${escapeName(path)} has too many files: their names take more than ${formatBytes(limit)}`,
    advice: "List a folder further down.",
  });
  return new FailedTry("guest-action-failed", final.message, { refusal, final });
}
