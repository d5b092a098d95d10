import { AppError } from "../../shared/errors/errors.ts";

/**
 * The end of this process as a whole, which a session shares: a session is a process, so there is one of each.
 *
 * A stop is asked for by a signal, by the process that started this one, or over the session's API. It aborts the work,
 * which then unwinds in order. A forced stop does not wait for that.
 */
export interface StopRequest {
  /** Whether to skip every step that waits. */
  readonly isForced: boolean;
}

/** A stop in order takes at most this long: QEMU is asked to end, told to, and killed within it. Milliseconds. */
export const unwindTimeout = 20_000;

interface LastAct {
  /** The thing that is being shut down, for people: "the virtual machine". */
  readonly what: string;
  readonly act: () => void;
}

const listeners = new Set<(request: StopRequest) => void>();
const lastActs: LastAct[] = [];

/** Calls back for each stop that is asked for, until it is disposed of. */
export function onStopRequest(listener: (request: StopRequest) => void): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}

/** Asks this process to end. A second request that is not forced changes nothing. */
export function requestStop(request: StopRequest): void {
  for (const listener of listeners) listener(request);
}

/**
 * Registers work that a forced stop must still do, until it is disposed of. The acts run synchronously, the newest
 * first, just before the process exits: nothing in them may wait.
 */
export function beforeForcedStop(what: string, act: () => void): Disposable {
  const entry = { what, act };
  lastActs.push(entry);
  return {
    [Symbol.dispose]: () => {
      const index = lastActs.indexOf(entry);
      if (index >= 0) lastActs.splice(index, 1);
    },
  };
}

/** Names everything that has not been shut down yet, the newest first. */
export function namesOfOpenWork(): readonly string[] {
  return [...new Set(lastActs.map(({ what }) => what).reverse())];
}

/** Does the work that a forced stop must still do. An act that fails does not keep the others from running. */
export function runLastActs(): void {
  for (let last = lastActs.pop(); last; last = lastActs.pop()) {
    try {
      last.act();
    } catch {
      // The process exits either way, and the next session clears the rest.
    }
  }
}

/** The error that ends the work of a process that was forced to stop. */
export function stoppedByForce(): AppError {
  return new AppError({ code: "interrupted", message: "stopped by force" });
}
