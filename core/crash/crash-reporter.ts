import type { CrashReport, KeptCrash } from "../../shared/crash-report.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import type { Paths } from "../paths.ts";
import { nodeVersion, systemVersion } from "../versions.ts";
import { keepCrash } from "./kept-crashes.ts";
import { lastHappenings } from "./last-happenings.ts";

interface ReporterOptions {
  readonly paths: Paths;
  /** Tinsmith's own. */
  readonly version: string;
  /** Which process this is, for people: "tinsmith serve". */
  readonly program: string;
  readonly listSessions: () => readonly SessionSummary[];
  /** Told of the report: the process is about to end. */
  readonly onReport: (crash: KeptCrash) => void;
}

type OwnSession = NonNullable<CrashReport["session"]>;

/** Those that this process runs: in practice one, or none. */
const ownSessions = new Set<OwnSession>();

/** Lets a crash of this process leave its report in a session's folder, until that is disposed of. */
export function reportCrashesIn(session: OwnSession): Disposable {
  ownSessions.add(session);
  return { [Symbol.dispose]: () => void ownSessions.delete(session) };
}

/**
 * Lets this process leave a report when it ends because of an error that nobody has caught, be it of a promise: in the
 * folder of its session, if it runs one. How it ends stays as it was.
 */
export function installCrashReporter(options: ReporterOptions): void {
  process.on("uncaughtExceptionMonitor", (error) => {
    try {
      for (const crash of reportCrash(error, options)) options.onReport(crash);
    } catch {
      // A full disk, for example: what is worse than a crash is one that hides what it was.
    }
  });
}

function reportCrash(
  thrown: unknown,
  { paths, version, program, listSessions }: ReporterOptions,
): readonly KeptCrash[] {
  const running = listSessions().filter(({ status }) => status === "running");
  const report: CrashReport = {
    time: Date.now(),
    program,
    versions: { tinsmith: version, node: nodeVersion(), system: systemVersion() },
    error: describeError(thrown),
    running: running.map(({ id, title }) => ({ id, title })),
    lastLines: running.flatMap(({ id }) => lastHappenings(paths, id).map((line) => `${id}  ${line}`)),
    isDismissed: false,
  };
  if (ownSessions.size === 0) return [keepCrash(paths, report)];
  return [...ownSessions].map((session) => keepCrash(paths, { ...report, session }));
}

/** Whatever was thrown. */
function describeError(thrown: unknown): CrashReport["error"] {
  if (!(thrown instanceof Error)) return { message: String(thrown), stack: "" };
  const causes = thrown.cause instanceof Error ? `\nCaused by: ${thrown.cause.stack}` : "";
  return { message: `${thrown.name}: ${thrown.message}`, stack: `${thrown.stack ?? ""}${causes}` };
}
