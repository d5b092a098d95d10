import { keepCrash } from "../../core/crash/crash-reports.ts";
import type { Paths } from "../../core/storage/paths.ts";
import type { StoredCrashReport } from "../../shared/app/crash-report.ts";

/** Leaves a report as a process that ended unexpectedly does. */
export function leaveCrash(paths: Paths): StoredCrashReport {
  const session = { id: "20261125-190211-5c1e", title: "Run of microcore-worker" };
  return keepCrash(paths, {
    time: Date.now(),
    program: "tinsmith serve",
    outcome: "ended",
    versions: { tinsmith: "1.2.3", node: "24.21.0", system: "linux x64, kernel 6.12.48" },
    error: {
      message: "TypeError: session.close is not a function",
      stack: [
        "TypeError: session.close is not a function",
        "    at closeAll (file:///opt/tinsmith/core/session/client/session-gate.ts:41:13)",
        "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
      ].join("\n"),
    },
    running: [session],
    lastLines: ["boot", "guest"].map(
      (step) => `${session.id}  2026-11-25T19:02:13.101Z step-started ${step}`,
    ),
    isDismissed: false,
  });
}
