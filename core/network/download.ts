import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../shared/errors/errors.ts";
import { digestFile } from "../files/digest.ts";
import { createSpaceReserve } from "../files/free-space.ts";
import { whoHasOpen } from "../files/locks/file-holder.ts";
import { lockDescriptor } from "../files/locks/file-lock.ts";
import { statusOf } from "../files/regular-file.ts";
import { partialPath } from "../files/writing/temporary-names.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";

/** A file at an http or https address that can't be told from another one but by its digest. */
export interface DownloadSource {
  readonly url: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that are there, and how many there will be where the server says so. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly limits?: DownloadLimits | undefined;
}

/** Time limits of a download: when it resumes, and when it fails. Milliseconds. */
export interface DownloadLimits {
  /** Tries without new bytes, one after another, before the download fails. */
  readonly emptyTries: number;
  readonly pause: number;
  /** A server that sends nothing for so long is asked again. */
  readonly stall: number;
}

const usualLimits: DownloadLimits = { emptyTries: 3, pause: 1_000, stall: 30_000 };

/**
 * Fetches a file, and gives it its name when its digest is right. An interrupted download resumes: in the same call
 * when the server comes back soon, otherwise in a later call from the bytes on disk, even when this process was
 * killed.
 *
 * @throws AppError `command-failed` when the server does not give the file, `invalid-recipe` when it is another one,
 *   `no-space`, `busy` while another process fetches it; the signal's reason when it aborts.
 */
export async function download(
  source: DownloadSource,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  await using client = await createHttpClient();
  const path = partialPath(target);
  await using file = await openPartial(source, path);
  for (let isFresh = (await file.stat()).size === 0; ; isFresh = true) {
    await fetchAll(source, { client, file, path }, options);
    const digest = await digestFile(path);
    if (digest === source.sha256) break;
    await file.truncate();
    // Bytes from an earlier try may belong to another file.
    if (isFresh) {
      await rm(path);
      throw anotherFile(source, digest);
    }
  }
  await file.sync();
  await rename(path, target);
}

/** Opens and locks the file that a download is written to until it is whole. @throws AppError `busy` */
async function openPartial(source: DownloadSource, path: string): Promise<FileHandle> {
  for (;;) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
    try {
      if (!lockDescriptor(path, file.fd)) throw alreadyFetched(source, path);
      // The previous holder of the lock may have given the file its name: it is whole, and must not be written to.
      if ((await file.stat()).ino === statusOf(path)?.ino) return file;
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
  }
}

interface Partial {
  readonly client: HttpClient;
  readonly file: FileHandle;
  readonly path: string;
}

/** Asks for the missing bytes until there are no more, or the server sends none. */
async function fetchAll(source: DownloadSource, partial: Partial, options: DownloadOptions): Promise<void> {
  const { emptyTries, pause } = options.limits ?? usualLimits;
  for (let empty = 0; ; ) {
    const before = (await partial.file.stat()).size;
    try {
      return await fetchRest(source, partial, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof AppError) throw error;
      empty = (await partial.file.stat()).size > before ? 0 : empty + 1;
      if (empty >= emptyTries) throw notFetched(source, error);
      await delay(pause, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

/**
 * @throws AppError for a failure that another try would not change; any other error for a connection that broke off.
 */
async function fetchRest(
  source: DownloadSource,
  { client, file, path }: Partial,
  { signal, onProgress, limits = usualLimits }: DownloadOptions,
): Promise<void> {
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Error(`the server sent nothing for ${limits.stall / 1000} s`));
  let alarm = setTimeout(stall, limits.stall);
  try {
    let position = (await file.stat()).size;
    const response = await client.get(source.url, {
      headers: position > 0 ? { Range: `bytes=${position}-` } : {},
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    // Nothing is missing, or the bytes on disk are not of this file: its digest tells.
    if (response.status === 416) return;
    if (response.status >= 400 && response.status < 500)
      throw notFetched(source, new Error(`the server answered ${response.status}`));
    if (response.status < 200 || response.status >= 300)
      throw new Error(`the server answered ${response.status}`);
    if (response.status !== 206) {
      await file.truncate();
      position = 0;
    }
    const total = response.length === undefined ? undefined : position + response.length;
    const space = createSpaceReserve(path);
    if (total !== undefined && !(await space.fits(total - position))) throw noSpace(source, path);
    for await (const chunk of response.body) {
      clearTimeout(alarm);
      alarm = setTimeout(stall, limits.stall);
      if (!(await space.take(chunk.length))) throw noSpace(source, path);
      await file.write(chunk, 0, chunk.length, position);
      position += chunk.length;
      onProgress?.(position, total);
    }
  } finally {
    clearTimeout(alarm);
  }
}

function notFetched({ url }: DownloadSource, cause: unknown): AppError {
  return new AppError(
    {
      code: "command-failed",
      message: `${url} can't be fetched: ${describeReason(cause)}`,
      advice: "Try again: the download resumes. Or download it yourself, and give the path of the file.",
    },
    { cause },
  );
}

/** The error of a host with several addresses, none of which answers, has no message. */
function describeReason(reason: unknown): string {
  if (reason instanceof AggregateError && reason.errors.length > 0) return describeReason(reason.errors[0]);
  const message = reason instanceof Error ? reason.message : String(reason);
  if (message.startsWith("Redirect loop")) return "it redirects in a loop";
  const [, proxyStatus] = /^Proxy response \((\d+)\)/.exec(message) ?? [];
  return proxyStatus ? `the proxy answered ${proxyStatus}` : message;
}

function anotherFile({ url, sha256 }: DownloadSource, digest: string): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${url} has another SHA-256 than expected`,
    advice: "Check the address and its sha256.",
    details: [`expected sha256 ${sha256}`, `received sha256 ${digest}`],
  });
}

function noSpace({ url }: DownloadSource, path: string): AppError {
  return new AppError({
    code: "no-space",
    message: `${url} does not fit on the disk of ${path}`,
    advice: "Free some space there, then try again: the download resumes.",
  });
}

function alreadyFetched({ url }: DownloadSource, path: string): AppError {
  return new AppError({
    code: "busy",
    message: `${whoHasOpen(path) ?? "another process"} is already fetching ${url}`,
    advice: "Wait until that is done.",
  });
}
