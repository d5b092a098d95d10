import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { errorDataSchema } from "../../../../shared/errors/error-schema.ts";
import { upToDateArchiveSchema } from "../../../../shared/session/build.ts";
import { digestText } from "../../../files/digest.ts";
import { makePrivateFolder } from "../../../files/private-folder.ts";
import {
  readVersioned,
  type VersionedFormat,
  writeVersioned,
} from "../../../files/writing/versioned-json.ts";
import { newTimedId } from "../../../time/timed-id.ts";
import type { ImageUnit } from "../../units.ts";

const requestSchema = z.object({
  /** A plan, maybe with secrets. */
  plan: z.unknown(),
  /** Digests of images that were made by the person who submits the job. */
  knownImages: z.array(z.string()).readonly(),
});
/** The work of a job. */
export type JobRequest = z.infer<typeof requestSchema>;

const sessionSchema = z.object({
  /** The job's id. */
  job: z.string(),
  session: z.string(),
  /** The session's folder. */
  folder: z.string(),
});
/** The session that a job has begun. */
export type JobSession = z.infer<typeof sessionSchema>;

const resultSchema = z.object({
  job: z.string(),
  /** The home of Tinsmith on the node. */
  home: z.string(),
  /** In milliseconds since the epoch. */
  started: z.number(),
  finished: z.number(),
  built: z
    .object({
      result: z.object({
        ...{ path: z.string(), size: z.number(), digest: z.string() },
        guestMilliseconds: z.number(),
      }),
      upToDate: upToDateArchiveSchema.optional(),
    })
    .optional(),
  error: errorDataSchema.optional(),
});
/** The end of a job, as it tells it itself: with what it has built, or the error. */
export type JobResult = z.infer<typeof resultSchema>;

const format = <Value>(what: string, schema: z.ZodType<Value>): VersionedFormat<Value> => ({
  ...{ what, schema, isPrivate: true },
  migrations: [(first) => first],
});
const formats = {
  request: format("the plan of a job", requestSchema),
  session: format("the session of a job", sessionSchema),
  result: format("the result of a job", resultSchema),
};

/** Milliseconds after which a folder without a result, which no job has any more, is removed. */
const oldAge = 3_600_000;

const names = { request: "job.json", session: "session.json", result: "result.json" } as const;

/**
 * A folder for one job, which the node of the job sees, too: the work goes in, the session and the result come out. Only this user
 * can enter it, because a plan can have secrets.
 */
export class JobFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The program of the job. */
  get script(): string {
    return join(this.path, "job.sh");
  }

  /** All that the job has printed. */
  get output(): string {
    return join(this.path, "output.txt");
  }

  /** Whether its job was submitted long ago. */
  get isOld(): boolean {
    const made = statSync(this.path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - made > oldAge;
  }

  readRequest = (): JobRequest => readVersioned(join(this.path, names.request), formats.request);
  writeRequest = (request: JobRequest) =>
    writeVersioned(join(this.path, names.request), formats.request, request);
  readSession = (): JobSession | undefined => this.#read(names.session, formats.session);
  writeSession = (session: JobSession) =>
    writeVersioned(join(this.path, names.session), formats.session, session);
  readResult = (): JobResult | undefined => this.#read(names.result, formats.result);
  writeResult = (result: JobResult) => writeVersioned(join(this.path, names.result), formats.result, result);

  /** Removes the plan of a job that is over. */
  forgetRequest(): void {
    rmSync(join(this.path, names.request), { force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #read<Value>(name: string, kind: VersionedFormat<Value>): Value | undefined {
    // A network file system looks again which files there are only when the folder is read.
    if (!existsSync(this.path) || !readdirSync(this.path).includes(name)) return undefined;
    return readVersioned(join(this.path, name), kind);
  }
}

/** The folders of jobs and of nodes, in a folder that all nodes see. */
export class WorkFolder {
  readonly #jobs: string;
  readonly #nodes: string;

  constructor(folder: string) {
    this.#jobs = join(folder, "jobs");
    this.#nodes = join(folder, "nodes");
  }

  /** The folder of the nodes' homes: locks, sockets and caches of different hosts must not meet. */
  get nodes(): string {
    return this.#nodes;
  }

  /** Makes the folder of a new job. */
  create(unit: ImageUnit): JobFolder {
    makePrivateFolder(this.#nodes);
    makePrivateFolder(this.#jobs);
    const folder = join(this.#jobs, `${keyOf(unit)}.${newTimedId()}`);
    makePrivateFolder(folder);
    return new JobFolder(folder);
  }

  /** The folders of jobs that build the archive of a unit, or have built it; the newest last. */
  find(unit: ImageUnit): readonly JobFolder[] {
    if (!existsSync(this.#jobs)) return [];
    const all = readdirSync(this.#jobs).map((name) => join(this.#jobs, name));
    return all
      .filter((path) => this.isOf(unit, path))
      .toSorted()
      .map((path) => new JobFolder(path));
  }

  /** Whether a path is that of the folder of a unit's job. */
  isOf(unit: ImageUnit, path: string): boolean {
    return dirname(path) === this.#jobs && basename(path).startsWith(`${keyOf(unit)}.`);
  }
}

/** The beginning of the names of a unit's jobs: one archive is built by one job. */
function keyOf({ name, output }: ImageUnit): string {
  return `${name.replaceAll(/[^\w+.-]/g, "-")}.${digestText(output).slice(0, 16)}`;
}
