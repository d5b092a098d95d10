import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import {
  allLeftOut,
  type ExportContent,
  type ExportPart,
  type OptionalPart,
} from "../../shared/app/export.ts";
import type { Finding, Versions } from "../../shared/app/host.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { openRegularFile } from "../files/regular-file.ts";
import { holdSession } from "../session-record/hold-session.ts";
import { eventBlocks } from "../session-record/session-log-reader.ts";
import { exchangeBodyFile, type Paths, sessionPaths } from "../storage/paths.ts";
import { type ExportedFile, type ExportSubject, findSubject } from "./export-source.ts";
import { describeExport } from "./readme.ts";
import { ownSecrets } from "./redaction/own-secrets.ts";
import { type EventLine, type EventOmissions, redactEvent } from "./redaction/redact-event.ts";
import { redactRecording } from "./redaction/redact-recording.ts";
import { createRedaction, type Redaction } from "./redaction/redaction.ts";
import { type TarEntry, writeTarGz } from "./write-tar-gz.ts";

/** The thing to export, and the target file. */
export interface ExportPlan {
  /** The id of a session or of a crash report. */
  readonly id: string;
  /** Absolute: a new file. */
  readonly target: string;
  readonly leaveOut: readonly OptionalPart[];
  /** Whether a file that is there may be replaced. */
  readonly mayReplace?: boolean;
}

/** The part of the data that was read. */
export interface ExportProgress {
  readonly bytes: number;
  readonly total: number;
}

export interface ExportContext {
  readonly paths: Paths;
  readonly versions: Versions;
  readonly findings: readonly Finding[];
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** The result of an export. */
export interface Exported {
  readonly bytes: number;
  /** The marks of replaced values, and how often each was used. */
  readonly replaced: ReadonlyMap<string, number>;
}

/** Tells the content of an export. @throws AppError `no-session` */
export async function examineExport(paths: Paths, id: string): Promise<ExportContent> {
  const { title, files, variables } = await findSubject(paths, id);
  const parts: Partial<Record<ExportPart, number>> = {};
  for (const { part, size } of files) parts[part] = (parts[part] ?? 0) + size;
  return { title, parts, variables: Object.keys(variables), fileName: exportName(id) };
}

/** The default name of an export's file. */
export function exportName(id: string): string {
  return `tinsmith-${id}.tar.gz`;
}

/**
 * Writes a session, or a crash report, into one file for a bug report: without secrets, as far as they can be known.
 * All is read twice, first to count, since an archive tells the size of a file before it; so no log is ever held whole.
 *
 * @throws AppError `no-session`, `newer-version`, `file-exists`, or what the disk refuses.
 */
export async function writeExport(plan: ExportPlan, context: ExportContext): Promise<Exported> {
  const { paths, signal, onProgress } = context;
  const leaveOut = [...allLeftOut(plan.leaveOut)];
  using _held = holdSession(sessionPaths(paths, plan.id));
  const subject = await findSubject(paths, plan.id);
  const secrets = ownSecrets(subject.variables);
  const omissions: EventOmissions = {
    task: leaveOut.includes("task"),
    bodies: leaveOut.includes("bodies"),
    evidence: leaveOut.some((part) => part === "task" || part === "serial" || part === "qemu"),
    logExchanges: subject.logExchanges,
  };
  const files = subject.files.filter((file) => isWanted(file, leaveOut, subject));
  const total = 2 * files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const onRead = (bytes: number) => {
    signal.throwIfAborted();
    done += bytes;
    onProgress?.({ bytes: done, total });
  };
  const read = (file: ExportedFile, redaction: Redaction) => readFile(file, { redaction, omissions, onRead });

  const counting = createRedaction(secrets);
  const entries: TarEntry[] = [];
  for (const file of files) {
    let size = 0;
    for await (const block of read(file, counting)) size += block.length;
    const name = `${plan.id}/${file.name}`;
    entries.push({ name, size, read: () => read(file, createRedaction(secrets)) });
  }
  const readme = Buffer.from(describeExport({ ...context, subject, entries, leaveOut, redaction: counting }));
  const first = {
    name: `${plan.id}/README.md`,
    size: readme.length,
    read: async function* () {
      yield readme;
    },
  };
  const bytes = await writeTarGz(plan.target, [first, ...entries], {
    signal,
    mayReplace: plan.mayReplace ?? false,
  });
  return { bytes, replaced: counting.counts };
}

function isWanted(
  { part, name }: ExportedFile,
  leaveOut: readonly OptionalPart[],
  { logExchanges }: ExportSubject,
): boolean {
  if (leaveOut.some((left) => left === part)) return false;
  const isLog =
    part === "bodies" && [...logExchanges].some((number) => name === exchangeBodyFile(number, "request"));
  return !(isLog && leaveOut.includes("task"));
}

/** Bytes that are read and searched at once: it takes a few milliseconds, in which the window waits. */
const blockBytes = 64 * 1024;

interface ReadOptions {
  readonly redaction: Redaction;
  readonly omissions: EventOmissions;
  /** Told how many bytes of the file were read, each time. */
  readonly onRead: (bytes: number) => void;
}

async function* readFile(
  { part, path, size }: ExportedFile,
  options: ReadOptions,
): AsyncGenerator<Buffer, void, void> {
  const source = async function* () {
    await using file = await openRegularFile(path);
    const range = { end: size - 1, highWaterMark: blockBytes, autoClose: false };
    for await (const block of file.createReadStream(range)) {
      options.onRead(block.length);
      yield block;
    }
  };
  // A value in a picture can't be found by its bytes.
  if (part === "screen" && path.endsWith(".png")) yield* source();
  else if (part === "events") yield* readEvents(path, size, options);
  else if (part === "recording" && path.endsWith(".cast"))
    yield* redactRecording(createInterface({ input: Readable.from(source()) }), options.redaction);
  else yield* options.redaction.stream(source());
}

async function* readEvents(
  path: string,
  size: number,
  { redaction, omissions, onRead }: ReadOptions,
): AsyncGenerator<Buffer, void, void> {
  await using file = await openRegularFile(path);
  const read = (line: EventLine) => redactEvent(line, redaction, omissions) as SessionEvent | undefined;
  let position = 0;
  for await (const { events, end } of eventBlocks(file, 0, { limit: () => size, blockBytes, read })) {
    onRead(end - position);
    position = end;
    yield Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }
}
