import { type AttachedSession, attach } from "../../../core/session/client/attach.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { machineStateNow } from "../../../core/vm/machine-state.ts";
import { runToExit } from "../../support/context.ts";
import { printNote } from "../../support/print.ts";

/** Runs a command that needs a running session: the one that was chosen, or the only one. */
export function runAttached(
  { session: id }: { readonly session?: string },
  work: (session: AttachedSession, signal: AbortSignal) => Promise<number | undefined>,
): Promise<void> {
  return runToExit(async (signal) => {
    using session = await attach(findPaths(), id);
    return await work(session, signal);
  });
}

/** As `runAttached`, for calls that the guest has to answer: says at once why a paused virtual machine does not. */
export function runWithGuest(
  given: { readonly session?: string },
  work: (session: AttachedSession, signal: AbortSignal) => Promise<number | undefined>,
): Promise<void> {
  return runAttached(given, async (session, signal) => {
    const { status } = await machineStateNow(session.api.machine, signal);
    if (status === "paused")
      printNote("The virtual machine is paused. This command waits until tinsmith power resume.");
    if (status === "waiting")
      printNote("The virtual machine waits for space on the host's disk, and this command waits for it.");
    return await work(session, signal);
  });
}
