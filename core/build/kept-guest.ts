import type { AppError } from "../../shared/errors.ts";
import { aborted } from "../abort.ts";
import { KvmFailure } from "../qemu/vm-end.ts";
import type { KeepFailed } from "../session/keep-failed.ts";
import type { BuildReport } from "./build-step.ts";

/** The guest of a build that failed: it still runs, or is off and can be started again to be looked at. */
export type FailedGuest =
  | { readonly ended: Promise<unknown> }
  | { readonly bootAgain: () => Promise<{ readonly ended: Promise<unknown> } & AsyncDisposable> };

interface KeepOptions {
  readonly keep: Pick<KeepFailed, "isWanted">;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
  /** Adds to an error what the person should see. */
  readonly describe: (thrown: unknown) => AppError;
}

/** Keeps a failed guest, if that is wanted, until it ends or the person ends it. */
export type KeepGuest = (thrown: unknown, guest: FailedGuest) => Promise<void>;

export function createKeepGuest({ keep, report, signal, describe }: KeepOptions): KeepGuest {
  return async (thrown, guest) => {
    // When KVM gave up, the build starts again by itself.
    if (signal.aborted || thrown instanceof KvmFailure || !keep.isWanted()) return;
    const wasOff = "bootAgain" in guest;
    report({ type: "guest-kept", error: describe(thrown).toJSON(), wasOff });
    const over = aborted(signal).catch(() => {});
    if (!wasOff) return void (await Promise.race([guest.ended, over]));
    try {
      await using again = await guest.bootAgain();
      await Promise.race([again.ended, over]);
    } catch (error) {
      report({ type: "note", text: `The guest can't be started again to be looked at: ${error}` });
    }
  };
}
