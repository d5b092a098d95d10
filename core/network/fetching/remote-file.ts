import { AppError } from "../../../shared/errors/errors.ts";
import type { SendRequest } from "../http-client.ts";
import type { ByteRange } from "./byte-ranges.ts";
import { requireAble } from "./tries.ts";

/** A file at a server, any part of which can be asked for. */
export interface RemoteFile {
  /** Its address, for messages. */
  readonly name: string;
  /** Bytes, if they are known. */
  readonly size?: number | undefined;
  /**
   * Asks for a part.
   *
   * @returns undefined when the server says that the part is outside of the file
   * @throws AppError for a refusal that another try would not change, ChangedMeanwhile; any other error for one that may
   */
  open(range: ByteRange, signal: AbortSignal): Promise<OpenedRange | undefined>;
}

export interface OpenedRange {
  /** Whether these are the bytes of the range. Otherwise they are the whole file: the server knows no ranges. */
  readonly isRange: boolean;
  /** The number of bytes that come, if it is known. */
  readonly length: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

interface HttpFileOptions {
  readonly name?: string;
  readonly size?: number | undefined;
  /** The entity tag that the file must have. */
  readonly version?: string | undefined;
}

/** A file at an http or https address. */
export function httpFile(
  send: SendRequest,
  url: string,
  { name = url, size, version }: HttpFileOptions = {},
): RemoteFile {
  return {
    name,
    size,
    open: async ({ from, to }, signal) => {
      const isWhole = from === 0 && to === undefined;
      const headers = {
        ...(!isWhole && { Range: `bytes=${from}-${to === undefined ? "" : to - 1}` }),
        ...(version && { "If-Match": version }),
      };
      const response = await send(url, { headers, signal });
      const { status, length, body } = response;
      if (status === 416) return undefined;
      if (status === 412) throw new ChangedMeanwhile();
      requireAble(response);
      if (status >= 400) throw notFetched(name, new Error(`the server answered ${status}`));
      if (status < 200 || status >= 300) throw new Error(`the server answered ${status}`);
      const isRange = status === 206;
      if (isRange && !startsAt(response.header("content-range"), from))
        throw new Error("the server sent another part than it was asked for");
      const current = strongTag(response.header("etag"));
      if (version && current && current !== version) throw new ChangedMeanwhile();
      return { isRange, length, body };
    },
  };
}

/** The file is not the one any more of which some parts are there. */
export class ChangedMeanwhile extends Error {
  constructor() {
    super("it changed on the server while it was fetched");
  }
}

/** An entity tag that promises the same bytes; those that begin with `W/` don't. */
export function strongTag(tag: string | undefined): string | undefined {
  return tag?.startsWith('"') ? tag : undefined;
}

/** Servers that say nothing are believed. */
function startsAt(contentRange: string | undefined, from: number): boolean {
  const [, start] = /^bytes (\d+)-/.exec(contentRange ?? "") ?? [];
  return start === undefined || Number(start) === from;
}

/** The error of a file that can't be fetched. */
export function notFetched(name: string, cause: unknown, reason = String(Object(cause).message)): AppError {
  return new AppError(
    {
      code: "command-failed",
      message: `${name} can't be fetched: ${reason}`,
      advice: "Try again: the download resumes. Or download it yourself, and give the path of the file.",
    },
    { cause },
  );
}
