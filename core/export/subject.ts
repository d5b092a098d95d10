import { existsSync, readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import type { KeptCrash } from "../../shared/crash-report.ts";
import { AppError } from "../../shared/errors.ts";
import type { ExportPart } from "../../shared/export.ts";
import { nearestName } from "../../shared/nearest-name.ts";
import { recallCrash } from "../crash/kept-crashes.ts";
import { bodiesFolder, crashIdOf, type Paths, type SessionPaths, sessionPaths } from "../paths.ts";
import { eventBlocks } from "../session/session-log-reader.ts";
import { versionOfLog } from "../session/session-log-version.ts";
import type { EventLine } from "./redact-event.ts";

/** A file that is exported, as it is when the export begins: one of a running session may grow. */
export interface ExportedFile {
  readonly part: ExportPart;
  /** Below the folder of what is exported. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** What is exported. */
export interface ExportSubject {
  readonly id: string;
  readonly title: string;
  readonly files: readonly ExportedFile[];
  /** The environment that a person gave to its task. */
  readonly variables: Readonly<Record<string, string>>;
  /** The numbers of the exchanges that carried the guest's log. */
  readonly logExchanges: ReadonlySet<number>;
}

/** Where the guest posts its log. */
const logTarget = "/engine/v1/log";

/** Looks at all of a session, or a crash report. @throws AppError `no-session`, or `newer-version` for a newer Tinsmith's */
export async function findSubject(paths: Paths, id: string): Promise<ExportSubject> {
  const crash = crashIdOf(`${id}.json`) && recallCrash(paths, id);
  if (crash) return crashSubject(crash);
  const files = sessionPaths(paths, id);
  // An id is a name in the folder of sessions, and nothing else.
  if (basename(id) !== id || !existsSync(files.events)) throw noSuchSession(paths, id);
  const exported = exportedFiles(files);
  const logSize = exported.find(({ part }) => part === "events")?.size ?? 0;
  return { id, files: exported, ...(await readLog(files.events, logSize)) };
}

/** A report that belongs to no session. */
function crashSubject({ id, path, report }: KeptCrash): ExportSubject {
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
  await using file = await open(path);
  for await (const _ of eventBlocks(file, 0, { limit: () => size, read: look }));
  return { title: title ?? "Run", variables, logExchanges };
}

function environmentOf({ task }: EventLine): Record<string, string> {
  const { env } = (task ?? {}) as { readonly env?: Record<string, string> };
  return env ?? {};
}

function exportedFiles(files: SessionPaths): readonly ExportedFile[] {
  const found = (part: ExportPart, path: string, name = basename(path)): readonly ExportedFile[] => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return size > 0 ? [{ part, name, path, size }] : [];
  };
  const bodies = join(files.folder, bodiesFolder);
  const bodyNames = existsSync(bodies) ? readdirSync(bodies).sort() : [];
  return [
    ...found("events", files.events),
    ...found("crash", files.crashReport),
    ...found("qemu", files.qemuLog),
    ...found("host", files.hostLog),
    ...found("task", files.taskLog),
    ...found("serial", files.serialLog),
    ...found("screen", files.screenshot),
    ...bodyNames.flatMap((name) => found("bodies", join(bodies, name), join(bodiesFolder, name))),
  ];
}

function noSuchSession(paths: Paths, id: string): AppError {
  const ids = existsSync(paths.sessions) ? readdirSync(paths.sessions) : [];
  const nearest = nearestName(id, ids);
  return new AppError({
    code: "no-session",
    message: `there is no session ${JSON.stringify(id)} in ${paths.sessions}`,
    advice: nearest ? `Did you mean ${nearest}?` : "Sessions past the newest 50 are removed.",
  });
}
