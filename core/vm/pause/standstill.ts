import type { QmpClient } from "../../qemu/process/qmp-client.ts";
import type { PauseReasons } from "./pause-reasons.ts";

/**
 * Works on a virtual machine that stands still. It resumes after that, unless there is another reason for a pause.
 *
 * @returns what the work returns, and milliseconds for which it stood still
 */
export async function standStill<Result>(
  qmp: Pick<QmpClient, "execute">,
  pauseReasons: PauseReasons,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly standstill: number }> {
  const begun = performance.now();
  pauseReasons.begin("checkpoint");
  try {
    await qmp.execute("stop");
    const result = await work();
    return { result, standstill: performance.now() - begun };
  } finally {
    pauseReasons.end("checkpoint");
    if (pauseReasons.isEmpty()) await qmp.execute("cont");
  }
}
