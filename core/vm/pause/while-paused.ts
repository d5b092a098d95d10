import type { QmpClient } from "../../qemu/process/qmp-client.ts";
import type { PauseReasons } from "./pause-reasons.ts";

/**
 * Does something with a virtual machine while it is paused. It resumes after that, unless there is another reason for a pause.
 *
 * @returns the result, and milliseconds for which it was paused
 */
export async function whilePaused<Result>(
  qmp: Pick<QmpClient, "execute">,
  pauseReasons: PauseReasons,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly pausedFor: number }> {
  const begun = performance.now();
  pauseReasons.begin("checkpoint");
  try {
    await qmp.execute("stop");
    const result = await work();
    return { result, pausedFor: performance.now() - begun };
  } finally {
    pauseReasons.end("checkpoint");
    if (pauseReasons.isEmpty()) await qmp.execute("cont");
  }
}
