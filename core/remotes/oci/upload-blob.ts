import { AppError } from "../../../shared/errors/errors.ts";
import { readBody } from "../../network/fetching/read-body.ts";
import { createStallAlarm } from "../../network/fetching/stall-alarm.ts";
import { usualLimits } from "../../network/fetching/transfer-limits.ts";
import { createTries, describeReason, requireAble } from "../../network/fetching/tries.ts";
import type { LocalFile, RemoteContext } from "../remote.ts";
import type { Registry, RegistryReply } from "./registry.ts";
import { openUploadRecord, type UploadRecord } from "./upload-record.ts";

/** Bytes that are sent by one request. Proxies have limits: a request that is too large for one is sent in halves. */
const chunkSizes = { first: 8 * 1024 ** 2, least: 256 * 1024 };
/** A body is handed over in pieces of so many bytes: each shows that the server takes them. */
const pieceBytes = 64 * 1024;
/** A chunk that is on its way when the work is interrupted may arrive within this time, or it would be lost. Milliseconds. */
const grace = 5_000;
/** A registry reads a blob again at its end, to check it: it may take so much longer than for other replies. */
const patienceAtEnd = 10;
/** The number of times that an upload begins again because the registry has lost it. */
const mostBeginnings = 5;

/** An upload at the registry, which it has begun. */
interface Upload {
  /** The registry's address of it, which changes with each chunk. */
  readonly location: string;
  /** Bytes that the registry has. */
  readonly offset: number;
  /** The least bytes that the registry takes at once, but for the last ones. */
  readonly least: number;
}

/**
 * Uploads a blob in chunks. After each one the address of the upload is on the disk, so that the next process resumes from the
 * bytes that the registry has.
 *
 * @throws AppError `command-failed`, `no-permission`, `busy` while another process uploads it; the signal's reason
 */
export async function uploadBlob(
  registry: Registry,
  file: LocalFile,
  context: RemoteContext & { readonly onProgress: (done: number) => void },
): Promise<void> {
  const { paths, signal } = context;
  using record = openUploadRecord(paths, registry.address, file.sha256);
  const tries = createTries(context);
  const job: Job = { registry, file, record, context, chunk: chunkSizes.first };
  let upload = await resume(job, record.recall());
  for (let beginnings = 0; ; ) {
    if (!upload) {
      if (beginnings++ === mostBeginnings) throw lost(registry);
      upload = await begin(job);
    }
    const before = upload.offset;
    try {
      if (before >= file.size) return await finish(job, upload);
      upload = await sendChunk(job, upload);
      record.keep(upload.location);
      tries.succeed();
    } catch (error) {
      signal.throwIfAborted();
      await tries.fail(error).catch((last) => Promise.reject(explain(registry, last)));
      upload = await resume(job, upload.location);
      if (upload && upload.offset > before) tries.succeed();
    }
    signal.throwIfAborted();
  }
}

interface Job {
  readonly registry: Registry;
  readonly file: LocalFile;
  readonly record: UploadRecord;
  readonly context: RemoteContext & { readonly onProgress: (done: number) => void };
  /** Bytes. */
  chunk: number;
}

async function begin({ registry, record, context }: Job): Promise<Upload> {
  const reply = await registry.ask(registry.url("blobs/uploads/"), {
    method: "POST",
    headers: { "Content-Length": "0" },
  });
  const location = locationOf(registry, reply);
  if (reply.status !== 202 || !location) throw registry.refusal(reply, "beginning an upload");
  record.keep(location);
  context.onProgress(0);
  return { location, offset: 0, least: Number(reply.header("oci-chunk-min-length") ?? 0) || 0 };
}

/** Asks the registry how much of an upload it has. @returns undefined when it does not know the upload any more */
async function resume(job: Job, location: string | undefined): Promise<Upload | undefined> {
  if (location === undefined) return undefined;
  const { registry, context, record } = job;
  const reply = await registry.ask(location);
  const [, end] = /^(?:bytes=)?0-(\d+)$/.exec(reply.header("range") ?? "") ?? [];
  // With "0-0", some registries mean no byte, and others one.
  if (reply.status !== 204 || end === undefined || end === "0") {
    record.forget();
    return undefined;
  }
  const offset = Number(end) + 1;
  if (offset > job.file.size) return undefined;
  context.onProgress(offset);
  return { location: locationOf(registry, reply) ?? location, offset, least: 0 };
}

async function sendChunk(job: Job, { location, offset, least }: Upload): Promise<Upload> {
  const { registry, file, context } = job;
  const { limits = usualLimits, signal } = context;
  const length = Math.min(Math.max(job.chunk, least), file.size - offset);
  const bytes = await file.read(offset, length);
  using late = abortLater(signal);
  using alarm = createStallAlarm(limits.stall, late.signal);
  const response = await registry.send(location, {
    method: "PATCH",
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": `${length}`,
      "Content-Range": `${offset}-${offset + length - 1}`,
    },
    body: async function* () {
      for (let done = 0; done < length; done += pieceBytes) {
        yield bytes.subarray(done, done + pieceBytes);
        alarm.progress();
        context.onProgress(Math.min(offset + done + pieceBytes, offset + length));
      }
    },
    signal: alarm.signal,
  });
  requireAble(response);
  const reply = {
    status: response.status,
    header: response.header,
    bytes: await readBody(response, 64 * 1024),
  };
  if (reply.status === 413) {
    if (length <= Math.max(chunkSizes.least, least)) throw registry.refusal(reply, "sending a part");
    job.chunk = Math.ceil(length / 2);
    return { location, offset, least };
  }
  if (reply.status === 401 || reply.status === 403) throw registry.refusal(reply, "sending a part");
  // The registry has another idea of the upload: it is asked for it.
  if (reply.status !== 202) throw new Error(registry.refusal(reply, "sending a part").message);
  return { location: locationOf(registry, reply) ?? location, offset: offset + length, least };
}

/** Ends an upload of which the registry has all bytes: it checks the digest. */
async function finish({ registry, file, record, context }: Job, { location }: Upload): Promise<void> {
  const { limits = usualLimits } = context;
  const url = new URL(location);
  url.searchParams.set("digest", `sha256:${file.sha256}`);
  const reply = await registry.ask(
    url.href,
    { method: "PUT", headers: { "Content-Length": "0" } },
    limits.stall * patienceAtEnd,
  );
  // The reply of a first try may not have arrived.
  if (reply.status !== 201 && !(await hasBlob(registry, file))) {
    record.forget();
    if (reply.status === 404) throw new Error("the registry has lost the upload");
    throw registry.refusal(reply, `checking the digest of ${file.name}`);
  }
  record.forget();
}

/** Whether the registry has a blob. */
export async function hasBlob(registry: Registry, { sha256, name }: LocalFile): Promise<boolean> {
  const reply = await registry.ask(registry.url(`blobs/sha256:${sha256}`), { method: "HEAD" });
  if (reply.status === 200) return true;
  // Some say so of a repository that does not exist yet, to a user who may create it.
  if (reply.status === 404 || reply.status === 403) return false;
  throw registry.refusal(reply, `asking for ${name}`);
}

/** The address in a reply, which may be relative. */
function locationOf(registry: Registry, { header }: Pick<RegistryReply, "header">): string | undefined {
  const location = header("location");
  return location === undefined ? undefined : new URL(location, registry.url("")).href;
}

/** A signal that aborts some time after another one. */
function abortLater(signal: AbortSignal): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => controller.abort(signal.reason), grace);
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

function explain(registry: Registry, error: unknown): unknown {
  if (error instanceof AppError) return error;
  return new AppError(
    {
      code: "command-failed",
      message: `the upload to ${registry.address.registry} failed: ${describeReason(error)}`,
      advice: "Try again: the upload resumes.",
    },
    { cause: error },
  );
}

function lost(registry: Registry): AppError {
  return new AppError({
    code: "command-failed",
    message: `the registry ${registry.address.registry} loses the upload again and again`,
    advice:
      "If it is several servers, they must share their uploads; for Docker's registry, with one http.secret.",
  });
}
