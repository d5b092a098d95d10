import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { StandardRPCHandler } from "@orpc/server/standard";
import { createFileAddresses } from "../../cli/serve/file-addresses.ts";
import { startUiServer } from "../../cli/serve/ui-server.ts";
import { type AppDeps, createApp } from "../../core/app/app.ts";
import { rememberBuild } from "../../core/builder/freshness/build-records.ts";
import { buildInputs } from "../../core/builder/inputs/build-inputs.ts";
import { digestText } from "../../core/files/digest.ts";
import { isTemplateFile } from "../../core/image-set/create-image-set.ts";
import { readImageSet } from "../../core/image-set/image-set.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { markStop } from "../../core/session-record/mark-stop.ts";
import { rememberImage } from "../../core/storage/known-images.ts";
import { findPaths, type Paths } from "../../core/storage/paths.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { BuildRecord } from "../../shared/library/library.ts";
import { type OtherVersion, startOtherVersion } from "../other-version/start.ts";
import { beginBuild, type ScriptedBuild } from "./scripted-build.ts";
import { createScriptedContents, type ScriptedContents } from "./scripted-contents.ts";
import { beginRun, type RunOptions, type ScriptedRun } from "./scripted-run.ts";
import { beginWatch, type ScriptedWatch } from "./scripted-watch.ts";
import { type SessionProcess, startSessionProcess } from "./session-process.ts";

/** Bytes of an archive that a test leaves, which are all zero. */
const leftBytes = 50_000_000;
let knownDigest: string | undefined;
function leftDigest(): string {
  knownDigest ??= digestText(new Uint8Array(leftBytes));
  return knownDigest;
}

const project = resolve(import.meta.dirname, "../..");

/**
 * The engine without QEMU: sessions, their files, their sockets and all servers are real, and a test says what happens
 * in a build.
 */
export interface ScriptedEngine extends AsyncDisposable {
  /** Makes a link to the window, which can be opened once. */
  newLink(): string;
  /** Makes the token of a link. */
  newToken(): string;
  readonly port: number;
  /** Of the window's pages. */
  readonly origin: string;
  /** Makes an address for a file that a session left, which works once. @param path as `findSiteFile` takes it */
  fileAddress(path: string): string;
  readonly paths: Paths;
  /** The folder of the image sets. */
  readonly workspace: string;
  /** The files in images. */
  readonly contents: ScriptedContents;
  /** The sessions that the window has started, in their order. */
  readonly started: readonly ScriptedBuild[];
  /** The runs that the window has started, or the test, in their order. */
  readonly runs: readonly ScriptedRun[];
  /** The watches that the window has started, in their order. */
  readonly watches: readonly ScriptedWatch[];
  /** Begins a run as another process would. */
  beginRun(options?: Partial<RunOptions>): Promise<ScriptedRun>;
  /** Begins a build as another process would. */
  begin(title: string, output: string): Promise<ScriptedBuild>;
  /** Begins a build or run in a process of its own, which can be killed, and be slow and deaf, as real ones can. */
  beginProcess(kind: "build" | "run"): Promise<SessionProcess>;
  /** Begins a session of another Tinsmith version. */
  beginOtherVersion(): Promise<OtherVersion>;
  /** Puts an archive where a build would have left it, with the record of one. */
  leaveArchive(path: string, record?: Partial<BuildRecord>): Promise<void>;
  /** Whether each stop that the window has asked for was forced, in their order. */
  readonly stopsAsked: readonly boolean[];
  /** From now on, sessions end only by force. */
  holdStops(): void;
  /** Lets the next build that the window asks for be refused; called again, the one after it, too. */
  refuseNext(error: ErrorData): void;
  /** How many of these refusals have not been given yet. */
  refusalsLeft(): number;
  /** Cuts all browsers off, and serves them again at the same address. */
  cutConnections(): Promise<void>;
  /** Ends the server of windows, as if `tinsmith serve` had ended. */
  endServer(): Promise<void>;
}

/**
 * @param prepare makes the workspace's image sets; without it there is a copy of the project's own
 * @param port of the server of windows; 0 for any that is free
 */
export async function startScriptedEngine(
  prepare?: (workspace: string) => void,
  port = 0,
): Promise<ScriptedEngine> {
  const home = mkdtempSync(join(tmpdir(), "ui-"));
  const paths = findPaths({ TINSMITH_HOME: home });
  const workspace = join(home, "images");
  mkdirSync(workspace);
  if (prepare) prepare(workspace);
  else copyImageSets(workspace);
  const builds: ScriptedBuild[] = [];
  const runs: ScriptedRun[] = [];
  const watches: ScriptedWatch[] = [];
  const others: (OtherVersion | SessionProcess)[] = [];
  const worker = join(workspace, "microcore/microcore-worker.tar.lz4");
  const startRun = async (options: Partial<RunOptions> = {}) => {
    const run = await beginRun(paths, { image: worker, ...options });
    runs.push(run);
    return run;
  };
  const stopsAsked: boolean[] = [];
  let holdsStops = false;
  const addresses = createFileAddresses();
  const refusals: ErrorData[] = [];
  const begin = async (title: string, output: string, plan?: Plan) => {
    const build = await beginBuild(paths, title, output, plan);
    builds.push(build);
    return build;
  };
  const deps: AppDeps = {
    paths,
    version: "0.0.0",
    workspace,
    startSession: async (plan) => {
      const refusal = refusals.shift();
      if (refusal) throw new AppError(refusal);
      if (plan.kind === "run") {
        const { archive, task } = plan;
        return (await startRun({ image: archive, plan, command: task.command })).session.id;
      }
      if (plan.kind === "scenario") return (await startRun({ image: plan.archive, plan })).session.id;
      if (plan.kind === "watch") {
        const watch = await beginWatch(paths, plan);
        watches.push(watch);
        return watch.session.id;
      }
      if (plan.kind !== "rebuild") throw new Error(`the window never asks for a ${plan.kind}`);
      const { folder, image } = plan;
      const name = basename(folder);
      const title = `${image === "setup" ? "Setup" : "Worker"} image ${name}`;
      return (await begin(title, join(folder, `${name}-${image}.tar.lz4`), plan)).session.id;
    },
    stopSession: async (id, isForced) => {
      stopsAsked.push(isForced);
      const error: ErrorData = { code: "interrupted", message: "interrupted" };
      const scripted = [...builds, ...runs, ...watches].find(({ session }) => session.id === id);
      if (holdsStops && !isForced) {
        if (scripted) markStop(scripted.session.paths);
        return;
      }
      await (scripted ? scripted.stop(error) : stopSession(paths, id, isForced));
    },
    reveal: async () => {},
    addressOf: addresses.make,
  };
  const renderer = join(project, "dist/renderer");
  const { router, contents } = createScriptedContents();
  const rpc = new StandardRPCHandler({ ...createApp(deps), contents: router });
  const server = await startUiServer({ paths, renderer, port, rpc, addresses });
  let serverEnd: PromiseLike<void> | undefined;
  const endServer = async () => {
    serverEnd ??= server[Symbol.asyncDispose]();
    await serverEnd;
  };
  return {
    newLink: server.newLink,
    newToken: server.newToken,
    origin: server.origin,
    port: server.port,
    fileAddress: (path) => `${server.origin}${addresses.make(path)}`,
    paths,
    workspace,
    contents,
    started: builds,
    runs,
    watches,
    beginRun: startRun,
    beginProcess: async (kind) => {
      const started = await startSessionProcess(paths, kind, worker);
      others.push(started);
      return started;
    },
    beginOtherVersion: async () => {
      const other = await startOtherVersion(paths);
      others.push(other);
      return other;
    },
    begin,
    leaveArchive: async (path, record) => {
      const image = path.includes("-setup.") ? "setup" : "worker";
      const inputs = [...(await buildInputs(readImageSet(dirname(path)), image))];
      // Nothing else runs until its record is there, too: the library never shows it as an imported archive.
      writeFileSync(path, "");
      truncateSync(path, leftBytes);
      const usual = { session: "none", finished: Date.now(), milliseconds: 21_300, steps: {}, inputs };
      const digest = leftDigest();
      rememberBuild(paths, path, digest, { ...usual, ...record });
      rememberImage(paths, digest);
    },
    stopsAsked,
    holdStops: () => {
      holdsStops = true;
    },
    refuseNext: (error) => {
      refusals.push(error);
    },
    refusalsLeft: () => refusals.length,
    cutConnections: async () => server.cutConnections(),
    endServer,
    [Symbol.asyncDispose]: async () => {
      for (const session of [...builds, ...runs]) await session.end();
      for (const watch of watches) await watch.stop();
      for (const other of others) await other[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await endServer();
      rmSync(home, { recursive: true });
    },
  };
}

function copyImageSets(workspace: string): void {
  cpSync(join(project, "images"), workspace, { recursive: true, filter: isTemplateFile });
}
