import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "../../../shared/errors/errors.ts";
import type { ByteSource } from "../../file-systems/byte-source.ts";

/** How long one step may take, such as listing a folder. Milliseconds. */
const stepTime = 10_000;
/** How long all steps of one work may take, by default: more than any image that a person has. Milliseconds. */
const longestWork = 30 * 60_000;

interface Limit {
  readonly signal: AbortSignal | undefined;
  readonly what: string;
  deadline: number;
  /** When all of it has to be done. */
  readonly last: number;
  readonly longest: number;
}

/** The limit of the work that reads, wherever it has come from: opened file systems are shared by many steps. */
const limits = new AsyncLocalStorage<Limit>();

/**
 * Does work on the contents of an image, all of whose reads fail once it has taken 10 s, or the signal aborts. So no damaged or
 * hostile image keeps anybody waiting. Work that makes progress, see `extendLimit`, has half an hour.
 *
 * @param what the work, for the error: `listing /disk.img`
 * @param longest milliseconds for all of it, in place of half an hour
 */
export async function withinLimit<Result>(
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
  longest = longestWork,
): Promise<Result> {
  const now = Date.now();
  return await limits.run({ what, signal, deadline: now + stepTime, last: now + longest, longest }, work);
}

/** Gives the work its whole time again, since it has made progress. */
export function extendLimit(): void {
  const limit = limits.getStore();
  if (limit) limit.deadline = Math.min(limit.last, Date.now() + stepTime);
}

/** A source whose reads keep to the limit of the work that they belong to. */
export function limitedSource<Source extends ByteSource>(source: Source): Source {
  return {
    ...source,
    read: async (offset: number, length: number) => {
      requireTime();
      return await source.read(offset, length);
    },
  };
}

/** @throws AppError `timed-out` if the work that calls it has taken too long; its signal's reason */
export function requireTime(): void {
  const limit = limits.getStore();
  limit?.signal?.throwIfAborted();
  if (!limit || Date.now() <= limit.deadline) return;
  const isLast = limit.deadline === limit.last;
  throw new AppError({
    code: "timed-out",
    message: `${limit.what} took more than ${isLast ? `${limit.longest / 60_000} minutes` : `${stepTime / 1000} s`}`,
    advice: "Look at another part. Reading an image that is damaged, or made to be a trap, may never end.",
  });
}
