import { existsSync, readdirSync, rmSync } from "node:fs";
import {
  type CrashReport,
  crashReportSchema,
  type StoredCrashReport,
} from "../../shared/app/crash-report.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/writing/versioned-json.ts";
import { crashIdOf, crashReportFile, isSessionName, type Paths, sessionPaths } from "../storage/paths.ts";
import { newTimedId } from "../time/timed-id.ts";

const format: VersionedFormat<CrashReport> = {
  what: "a crash report",
  schema: crashReportSchema,
  migrations: [(report) => report],
};

/** The number of reports that are kept without a session: the newest ones. */
const keptReports = 10;

/** Writes a report into its session's folder, or else beside the sessions, where the oldest ones give way. */
export function keepCrash(paths: Paths, report: CrashReport): StoredCrashReport {
  const id = report.session?.id ?? `crash-${newTimedId()}`;
  const path = crashPath(paths, id);
  writeVersioned(path, format, report);
  const others = namesIn(paths).filter(crashIdOf).sort().reverse();
  for (const name of others.slice(keptReports)) rmSync(crashReportFile(paths, crashIdOf(name) ?? ""));
  return { id, path, report };
}

/** The reports that nobody has dismissed, the newest first. One that can't be read is passed over. */
export function listCrashes(paths: Paths): readonly StoredCrashReport[] {
  return namesIn(paths)
    .flatMap((name) => recallCrash(paths, crashIdOf(name) ?? name) ?? [])
    .filter(({ report }) => !report.isDismissed)
    .sort((a, b) => b.report.time - a.report.time);
}

/** The report of that id, dismissed or not, when there is one that can be read. */
export function recallCrash(paths: Paths, id: string): StoredCrashReport | undefined {
  if (!isSessionName(id)) return undefined;
  const path = crashPath(paths, id);
  if (!existsSync(path)) return undefined;
  try {
    return { id, path, report: readVersioned(path, format) };
  } catch {
    return undefined;
  }
}

/** Keeps in mind that a person has seen it; the report stays. @throws AppError `missing-file` */
export function dismissCrash(paths: Paths, id: string): void {
  const crash = recallCrash(paths, id);
  if (!crash)
    throw new AppError({ code: "missing-file", message: `the crash report ${id} no longer exists` });
  writeVersioned(crash.path, format, { ...crash.report, isDismissed: true });
}

function crashPath(paths: Paths, id: string): string {
  return crashIdOf(`${id}.json`) ? crashReportFile(paths, id) : sessionPaths(paths, id).crashReport;
}

function namesIn({ sessions }: Paths): readonly string[] {
  return existsSync(sessions) ? readdirSync(sessions) : [];
}
