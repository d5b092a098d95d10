import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { HttpResponse } from "../http-client.ts";
import { longestWait, mostWaits, type TransferLimits, usualLimits } from "./transfer-limits.ts";

/** A server has no time now, and says when to ask again. */
export class AskedToWait extends Error {
  /** Milliseconds. */
  readonly wait: number;

  constructor(status: number, wait: number) {
    super(`the server answered ${status} and asks to wait ${Math.ceil(wait / 1000)} s`);
    this.wait = wait;
  }
}

export interface TriesOptions {
  readonly limits?: TransferLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with a line about a wait that the server has asked for. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** Counts failed tries, and pauses between them. */
export interface Tries {
  /** There were new bytes. */
  succeed(): void;
  /** Waits until it is time for the next try. @throws the error if there is no further one; the signal's reason */
  fail(error: unknown): Promise<void>;
}

export function createTries({ limits = usualLimits, signal, onNote }: TriesOptions): Tries {
  let empty = 0;
  let waits = 0;
  return {
    succeed: () => {
      empty = 0;
      waits = 0;
    },
    fail: async (error) => {
      signal?.throwIfAborted();
      if (error instanceof AppError) throw error;
      let pause = limits.pause;
      if (error instanceof AskedToWait) {
        waits += 1;
        if (waits > mostWaits || error.wait > longestWait) throw error;
        pause = error.wait;
        onNote?.(`${capitalized(error.message)}.`);
      } else {
        empty += 1;
        if (empty >= limits.emptyTries) throw error;
      }
      await delay(pause, undefined, signal ? { signal } : {});
    },
  };
}

/** Does work until a try succeeds. @throws as `Tries.fail` */
export async function untilDone<Result>(options: TriesOptions, work: () => Promise<Result>): Promise<Result> {
  const tries = createTries(options);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await tries.fail(error);
    }
  }
}

/**
 * Refuses a response by which the server can't do now what it was asked for.
 *
 * @throws AskedToWait if it says when it can; another error if it has a problem of its own
 */
export function requireAble(response: HttpResponse): void {
  const { status } = response;
  if (status !== 429 && status < 500) return;
  const wait = status === 429 || status === 503 ? retryAfter(response.header("retry-after")) : undefined;
  if (wait !== undefined) throw new AskedToWait(status, wait);
  throw new Error(`the server answered ${status}`);
}

/** Milliseconds of a header `Retry-After`, which has seconds or a time. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(time) ? undefined : Math.max(0, time);
}

/** The reason of a failed request, for a person. The error of a host with several addresses, none of which answers, has no message. */
export function describeReason(reason: unknown): string {
  if (reason instanceof AggregateError && reason.errors.length > 0) return describeReason(reason.errors[0]);
  const message = reason instanceof Error ? reason.message : String(reason);
  if (message.startsWith("Redirect loop")) return "it redirects in a loop";
  const [, proxyStatus] = /^Proxy response \((\d+)\)/.exec(message) ?? [];
  return proxyStatus ? `the proxy answered ${proxyStatus}` : message;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
