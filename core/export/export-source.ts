import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { StoredCrashReport } from "../../shared/app/crash-report.ts";
import type { ExportPart } from "../../shared/app/export.ts";
import { recallCrash } from "../crash/crash-reports.ts";
import { segmentPath, segmentsOf } from "../files/logs/log-tail.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { noSuchSession, requireSession } from "../session-record/require-session.ts";
import { eventBlocks } from "../session-record/session-log-reader.ts";
import { versionOfLog } from "../session-record/session-log-version.ts";
import { bodiesFolder, crashIdOf, type Paths, type SessionPaths, screensFolder } from "../storage/paths.ts";
import type { EventLine } from "./redaction/redact-event.ts";

/** A file that is exported, as it is when the export begins: one of a running session may grow. */
export interface ExportedFile {
  readonly part: ExportPart;
  /** Relative to the folder of the export. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** The thing to export. */
export interface ExportSubject {
  readonly id: string;
  readonly title: string;
  readonly files: readonly ExportedFile[];
  /** The environment that a person gave to its task. */
  readonly variables: Readonly<Record<string, string>>;
  /** The numbers of the exchanges that carried the guest's log. */
  readonly logExchanges: ReadonlySet<number>;
}

/** The URL path to which the guest posts its log. */
const logTarget = "/engine/v1/log";

/**
 * Finds all parts of a session, or a crash report.
 *
 * @throws AppError `no-session`, or `newer-version` for a newer Tinsmith's
 */
export async function findSubject(paths: Paths, id: string): Promise<ExportSubject> {
  const crash = crashIdOf(`${id}.json`) && recallCrash(paths, id);
  if (crash) return crashSubject(crash);
  const files = requireSession(paths, id);
  if (!existsSync(files.events)) throw noSuchSession(paths, id);
  const exported = exportedFiles(files);
  const logSize = exported.find(({ part }) => part === "events")?.size ?? 0;
  return { id, files: exported, ...(await readLog(files.events, logSize)) };
}

/** A report that belongs to no session. */
function crashSubject({ id, path, report }: StoredCrashReport): ExportSubject {
  const { size } = statSync(path);
  return {
    id,
    title: `${report.program} ended unexpectedly: ${report.error.message}`,
    files: [{ part: "crash", name: "crash.json", path, size }],
    variables: {},
    logExchanges: new Set(),
  };
}

async function readLog(path: string, size: number): Promise<Omit<ExportSubject, "id" | "files">> {
  const logExchanges = new Set<number>();
  let title: string | undefined;
  let variables = {};
  let isFirst = true;
  const look = (line: EventLine) => {
    if (isFirst) versionOfLog(line, path);
    isFirst = false;
    if (typeof line.title === "string") title ??= line.title;
    if (line.type === "run-started") variables = environmentOf(line);
    if (line.type === "exchange-started" && line.target === logTarget)
      logExchanges.add(Number(line.exchange));
    return undefined;
  };
  await using file = await openRegularFile(path);
  for await (const _ of eventBlocks(file, 0, { limit: () => size, read: look }));
  return { title: title ?? "Run", variables, logExchanges };
}

/** A damaged log may hold anything in its place. */
const taskSchema = z.object({ env: z.record(z.string(), z.unknown()) });

function environmentOf({ task }: EventLine): Record<string, string> {
  const { env } = taskSchema.safeParse(task).data ?? {};
  return Object.fromEntries(
    Object.entries(env ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function exportedFiles(files: SessionPaths): readonly ExportedFile[] {
  const found = (part: ExportPart, path: string, name = basename(path)): readonly ExportedFile[] => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return size > 0 ? [{ part, name, path, size }] : [];
  };
  // A log that has reached its quota has its end beside it while the session runs.
  const log = (part: ExportPart, path: string) =>
    [path, ...segmentsOf(path).map((number) => segmentPath(path, number))].flatMap((one) => found(part, one));
  const folder = (part: ExportPart, name: string) => {
    const path = join(files.folder, name);
    const names = existsSync(path) ? readdirSync(path).sort() : [];
    return names.flatMap((file) => found(part, join(path, file), join(name, file)));
  };
  return [
    ...found("events", files.events),
    ...found("crash", files.crashReport),
    ...log("qemu", files.qemuLog),
    ...found("host", files.hostLog),
    ...log("task", files.taskLog),
    ...log("serial", files.serialLog),
    ...found("screen", files.screenshot),
    ...found("screen", files.screenText),
    ...folder("screen", screensFolder),
    ...folder("bodies", bodiesFolder),
    ...found("recording", files.recording),
    ...found("recording", files.recordedSteps),
  ];
}
