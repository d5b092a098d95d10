import { rmSync, writeFileSync } from "node:fs";
import type { AppError } from "../../shared/errors/errors.ts";
import { aborted } from "../async/abort.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { KvmFailure } from "../qemu/process/vm-end.ts";
import type { KeepFailed } from "../session/live/keep-failed-guest.ts";
import type { SessionPaths } from "../storage/paths.ts";
import type { BuildReport } from "./build-step.ts";

/** The guest of a build that failed: it still runs, or is off and can be started again to be looked at. */
export type FailedGuest =
  | { readonly ended: Promise<unknown> }
  | { readonly bootAgain: () => Promise<{ readonly ended: Promise<unknown> } & AsyncDisposable> };

interface KeepOptions {
  readonly keep: Pick<KeepFailed, "isWanted">;
  readonly files: Pick<SessionPaths, "socketFolder" | "keptGuest">;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
  /** Adds details for the person to an error. */
  readonly describe: (thrown: unknown) => AppError;
}

/** Keeps a failed guest, if that is wanted, until it ends or the person ends it. */
export type KeepGuest = (thrown: unknown, guest: FailedGuest) => Promise<void>;

export function createKeepGuest({ keep, files, report, signal, describe }: KeepOptions): KeepGuest {
  return async (thrown, guest) => {
    // If KVM failed, the build starts again by itself.
    if (signal.aborted || thrown instanceof KvmFailure || !keep.isWanted()) return;
    const wasOff = "bootAgain" in guest;
    using _mark = markKeptGuest(files);
    report({ type: "guest-kept", error: describe(thrown).toJSON(), wasOff });
    const over = aborted(signal).catch(() => {});
    if (!wasOff) return void (await Promise.race([guest.ended, over]));
    try {
      await using again = await guest.bootAgain();
      await Promise.race([again.ended, over]);
    } catch (error) {
      report({ type: "note", text: `Tinsmith can't start the guest again for you to inspect: ${error}` });
    }
  };
}

/** Lets the list of sessions tell that a guest is kept, until that is disposed of: a log says that far from its end. */
export function markKeptGuest({ socketFolder, keptGuest }: KeepOptions["files"]): Disposable {
  try {
    // Cleaners of temporary folders may have removed it.
    makePrivateFolder(socketFolder);
    writeFileSync(keptGuest, "");
  } catch {
    // On a full disk, for example: the guest is kept all the same.
  }
  return { [Symbol.dispose]: () => rmSync(keptGuest, { force: true }) };
}
