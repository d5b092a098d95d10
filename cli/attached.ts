import { findPaths } from "../core/paths.ts";
import { type AttachedSession, attach } from "../core/session/attach.ts";
import { runToExit } from "./context.ts";

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
