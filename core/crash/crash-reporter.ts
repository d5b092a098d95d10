import type { CrashOutcome, CrashReport, StoredCrashReport } from "../../shared/app/crash-report.ts";
import { findSessions } from "../session-record/find-sessions.ts";
import { nodeVersion, systemVersion } from "../storage/host-versions.ts";
import type { Paths } from "../storage/paths.ts";
import { keepCrash } from "./crash-reports.ts";
import { recentEvents } from "./recent-events.ts";

/** The part of Tinsmith that had an error. */
interface Origin {
  readonly paths: Paths;
  /** Tinsmith's own. */
  readonly version: string;
  /** For people: "tinsmith serve". */
  readonly program: string;
}

interface ReporterOptions extends Origin {
  /** Told of each report. Unless the process survives errors, it is about to end. */
  readonly onReport: (crash: StoredCrashReport) => void;
}

type OwnSession = NonNullable<CrashReport["session"]>;

/** Those that this process runs: in practice one, or none. */
const ownSessions = new Set<OwnSession>();

/** The outcome of an error of this process that nobody catches. */
let outcome: CrashOutcome = "ended";

/** Lets a crash of this process leave its report in a session's folder, until that is disposed of. */
export function reportCrashesIn(session: OwnSession): Disposable {
  ownSessions.add(session);
  return { [Symbol.dispose]: () => void ownSessions.delete(session) };
}

/**
 * Lets this process leave a report of an uncaught error or unhandled rejection: in the folder of its session, if it
 * runs one. It does not change whether the process continues or ends.
 */
export function installCrashReporter(options: ReporterOptions): void {
  const reported = new Set<string>();
  process.on("uncaughtExceptionMonitor", (thrown) => {
    const error = describeError(thrown);
    // One that comes again and again in a process that survives it is reported once.
    const key = `${error.message}\n${error.stack}`;
    if (reported.has(key)) return;
    reported.add(key);
    for (const crash of reportError(error, outcome, options)) options.onReport(crash);
  });
}

/** Lets this process continue after errors that nobody catches. `installCrashReporter` reports them. */
export function surviveErrors(): void {
  outcome = "continued";
  process.on("uncaughtException", () => {});
  throwRejections();
}

/** Treats a promise that fails, and that nobody waits for, as an error that nobody catches: Electron only warns of it. */
export function throwRejections(): void {
  process.on("unhandledRejection", (reason) => {
    throw reason;
  });
}

/**
 * Keeps a report of an error.
 *
 * @returns nothing where it can't be kept, as on a full disk: worse than an error is one that hides what it was
 */
export function reportError(
  error: CrashReport["error"],
  outcome: CrashOutcome,
  { paths, version, program }: Origin,
): readonly StoredCrashReport[] {
  try {
    const running = findSessions(paths);
    const report: CrashReport = {
      time: Date.now(),
      program,
      outcome,
      versions: { tinsmith: version, node: nodeVersion(), system: systemVersion() },
      error,
      running: running.map(({ id, title }) => ({ id, title })),
      lastLines: running.flatMap(({ id }) => recentEvents(paths, id).map((line) => `${id}  ${line}`)),
      isDismissed: false,
    };
    if (ownSessions.size === 0) return [keepCrash(paths, report)];
    return [...ownSessions].map((session) => keepCrash(paths, { ...report, session }));
  } catch {
    return [];
  }
}

/** Describes any thrown value. */
export function describeError(thrown: unknown): CrashReport["error"] {
  if (!(thrown instanceof Error)) return { message: String(thrown), stack: "" };
  const causes = thrown.cause instanceof Error ? `\nCaused by: ${thrown.cause.stack}` : "";
  return { message: `${thrown.name}: ${thrown.message}`, stack: `${thrown.stack ?? ""}${causes}` };
}
