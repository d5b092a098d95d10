import { AppError } from "../../shared/errors/errors.ts";
import type { RoundReason } from "../../shared/watch/watch.ts";

/** Something that a round is to look at. */
export interface RoundCause {
  readonly reason: RoundReason;
  /** The files that have changed. */
  readonly changed: readonly string[];
  /** When the newest change was seen, in milliseconds since the epoch. */
  readonly saved: number;
}

/** A round under way. */
export interface Round extends RoundCause {
  /** Counts from 1. */
  readonly number: number;
}

interface RoundsOptions {
  /**
   * Performs a round to its end. When the signal aborts, it ends its work in order, and settles only then: the next round
   * begins after that.
   */
  readonly perform: (round: Round, signal: AbortSignal) => Promise<void>;
  /** Called when a round was aborted because of a newer cause. */
  readonly onOvertaken: (round: Round) => void;
}

/** Rounds, one after another, of which the newest cause wins. */
export interface Rounds {
  /** Begins a round: the one under way is cancelled, and ends in order before that. */
  add(cause: RoundCause): void;
  /** Performs rounds until the signal aborts. @throws the error of a round that was not aborted */
  run(signal: AbortSignal): Promise<void>;
}

export function createRounds({ perform, onOvertaken }: RoundsOptions): Rounds {
  let pending: RoundCause | undefined;
  let current: AbortController | undefined;
  let wake = () => {};
  let count = 0;

  const performNext = async (cause: RoundCause, signal: AbortSignal): Promise<void> => {
    count += 1;
    const round: Round = { ...cause, number: count };
    const controller = new AbortController();
    current = controller;
    const own = AbortSignal.any([signal, controller.signal]);
    try {
      // One that ends just before it would have been aborted is done.
      return await perform(round, own);
    } catch (thrown) {
      if (!own.aborted) throw thrown;
    } finally {
      current = undefined;
    }
    if (signal.aborted) return;
    // The next round is also about the changes that this one has not judged.
    if (pending) pending = { ...pending, changed: union(round.changed, pending.changed) };
    onOvertaken(round);
  };

  return {
    add: (cause) => {
      pending = pending ? { ...cause, changed: union(pending.changed, cause.changed) } : cause;
      current?.abort(overtaken());
      wake();
    },
    run: async (signal) => {
      const onAbort = () => wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          if (pending) {
            const cause = pending;
            pending = undefined;
            await performNext(cause, signal);
          } else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}

/** The reason with which a round is aborted when a newer cause has come: its builds and runs are cancelled with it. */
function overtaken(): AppError {
  return new AppError({ code: "interrupted", message: "overtaken by a newer round of the watch" });
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}
