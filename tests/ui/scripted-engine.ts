import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Writable } from "node:stream";
import { StandardRPCHandler } from "@orpc/server/standard";
import { createFileAddresses } from "../../cli/serve/file-addresses.ts";
import { startUiServer } from "../../cli/serve/ui-server.ts";
import { type AppDeps, createApp } from "../../core/app/app.ts";
import { rememberBuild } from "../../core/builder/build-records.ts";
import { markKeptGuest } from "../../core/builder/failed-guest.ts";
import { buildInputs } from "../../core/builder/inputs/build-inputs.ts";
import { readImageSet } from "../../core/image-set/image-set.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import { markStop } from "../../core/session-record/mark-stop.ts";
import { rememberImage } from "../../core/storage/known-images.ts";
import { findPaths, type Paths } from "../../core/storage/paths.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { BuildRecord } from "../../shared/library/library.ts";
import type { BuildStep, OffChoice } from "../../shared/session/build.ts";
import { type OtherVersion, startOtherVersion } from "../other-version/start.ts";
import { beginRun, type RunOptions, type ScriptedRun } from "./scripted-run.ts";
import { type SessionProcess, startSessionProcess } from "./session-process.ts";

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
  /** The sessions that the window has started, in their order. */
  readonly started: readonly ScriptedBuild[];
  /** The runs that the window has started, or the test, in their order. */
  readonly runs: readonly ScriptedRun[];
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
  /** Cuts all browsers off, and serves them again at the same address. */
  cutConnections(): Promise<void>;
  /** Ends the server of windows, as if `tinsmith serve` had ended. */
  endServer(): Promise<void>;
}

/** A build whose events a test makes. */
export interface ScriptedBuild {
  readonly session: ServedSession;
  /** The plan with which the window has started it. */
  readonly plan: Plan | undefined;
  start(step: BuildStep): void;
  finish(step: BuildStep): void;
  progress(step: BuildStep, done: number, total: number): void;
  say(from: "guest-log" | "note", text: string): void;
  /**
   * Lets the build have begun long enough ago that these steps, of so many milliseconds, were done some time ago.
   *
   * @param during records the events of each of them
   */
  backdate(
    steps: Partial<Record<BuildStep, number>>,
    ago: number,
    during: (step: BuildStep) => Promise<void>,
  ): Promise<void>;
  /** Runs a program on the session's terminal: a shell script under a name. */
  runOnHost(name: string, script: string): Promise<void>;
  /** Fails, and keeps its guest until the build is ended. */
  keepGuest(error: ErrorData): void;
  /** Prints on the serial console. */
  print(bytes: string | Uint8Array): void;
  /** The input of the serial console. */
  typed(): string;
  /** Lets the guest of an installation by hand be off, and waits for what the person chooses. */
  askWhenOff(text: string): Promise<OffChoice>;
  succeed(): Promise<void>;
  /** Ends its process, as it were, if it has not ended before. */
  end(): Promise<void>;
  fail(error: ErrorData, reusable?: readonly BuildStep[]): Promise<void>;
  /** Ends as the real one does at a request: one whose guest is kept has failed before. */
  stop(interruption: ErrorData): Promise<void>;
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
      if (plan.kind !== "rebuild") throw new Error(`the window never asks for a ${plan.kind}`);
      const { folder, image } = plan;
      const name = basename(folder);
      const title = `${image === "setup" ? "Setup" : "Worker"} image ${name}`;
      return (await begin(title, join(folder, `${name}-${image}.tar.lz4`), plan)).session.id;
    },
    stopSession: async (id, isForced) => {
      stopsAsked.push(isForced);
      const error: ErrorData = { code: "interrupted", message: "interrupted" };
      const scripted = [...builds, ...runs].find(({ session }) => session.id === id);
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
  const rpc = new StandardRPCHandler(createApp(deps));
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
    started: builds,
    runs,
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
      writeFileSync(path, "");
      truncateSync(path, 50_000_000);
      const image = path.includes("-setup.") ? "setup" : "worker";
      const inputs = [...(await buildInputs(readImageSet(dirname(path)), image))];
      const usual = { session: "none", finished: Date.now(), milliseconds: 21_300, steps: {}, inputs };
      const digest = "5f".repeat(32);
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
    cutConnections: async () => server.cutConnections(),
    endServer,
    [Symbol.asyncDispose]: async () => {
      for (const session of [...builds, ...runs]) await session.end();
      for (const other of others) await other[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await endServer();
      rmSync(home, { recursive: true });
    },
  };
}

function copyImageSets(workspace: string): void {
  const filter = (path: string) => !/\.tar\.(lz4|zst)$/.test(path);
  cpSync(join(project, "images"), workspace, { recursive: true, filter });
}

async function beginBuild(
  paths: Paths,
  title: string,
  output: string,
  plan: Plan | undefined,
): Promise<ScriptedBuild> {
  const session = await openServedSession(paths, { title, kind: "build", image: output });
  const log = session.serial.output;
  let typed = "";
  writeFileSync(log.path, "");
  const input = new Writable({
    write: (bytes, _encoding, done) => {
      typed += bytes;
      done();
    },
  });
  const connected = session.serial.connect({ input, sendBreak: async () => {} });
  const { id, paths: files } = session;
  session.record({ type: "build-started", title, session: id, folder: files.folder, output });
  session.keepFailed.begin(false, (isWanted) => session.record({ type: "keep-failed", isWanted }));
  let ended: PromiseLike<void> | undefined;
  let kept: { readonly error: ErrorData; readonly mark: Disposable } | undefined;
  const end = async () => {
    kept?.mark[Symbol.dispose]();
    connected[Symbol.dispose]();
    ended ??= session[Symbol.asyncDispose]();
    await ended;
  };
  const fail = async (error: ErrorData, reusable: readonly BuildStep[] = []) => {
    if (reusable.length > 0) {
      mkdirSync(session.paths.keptWork);
      writeFileSync(session.paths.keptWorkRecord, "{}");
    }
    session.record({ type: "build-failed", error, reusable });
    await end();
  };
  return {
    session,
    plan,
    start: (step) => session.record({ type: "step-started", step }),
    finish: (step) => session.record({ type: "step-finished", step }),
    progress: (step, done, total) => session.record({ type: "step-progress", step, done, total }),
    backdate: async (steps, ago, during) => {
      const entries = Object.entries(steps) as [BuildStep, number][];
      let time = Date.now() - ago - entries.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
      session.record({ time, type: "build-started", title, session: id, folder: files.folder, output });
      session.record({ time, type: "keep-failed", isWanted: session.keepFailed.isWanted() });
      for (const [step, milliseconds] of entries) {
        session.record({ time, type: "step-started", step });
        await during(step);
        time += milliseconds;
        session.record({ time, type: "step-finished", step });
      }
    },
    runOnHost: async (name, script) => {
      writeFileSync(join(files.working, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const { signal } = new AbortController();
      const run = session.host.runner({
        signal,
        onStarted: (argv) => session.record({ type: "command-started", command: argv.join(" ") }),
        onExit: (exit) => session.record({ type: "command-ended", exit }),
        onLine: (text) => session.record({ type: "output", text }),
        onWaiting: (input) =>
          session.record(input ? { type: "command-waits", ...input } : { type: "command-continues" }),
      });
      await run([`./${name}`], { cwd: files.working });
    },
    keepGuest: (error) => {
      kept = { error, mark: markKeptGuest(files) };
      session.record({ type: "guest-kept", error, wasOff: false });
    },
    say: (type, text) => session.record({ time: Date.now(), type, text }),
    print: (bytes) => {
      appendFileSync(log.path, bytes);
      log.grown();
    },
    typed: () => typed,
    askWhenOff: async (text) => {
      session.record({ type: "guest-off", text });
      const choice = await session.choice.ask(new AbortController().signal);
      session.record({ type: "choice-made", choice });
      return choice;
    },
    end,
    succeed: async () => {
      const result = { path: output, size: 50_000_000, digest: "5f".repeat(32), guestMilliseconds: 19_680 };
      session.record({ type: "build-finished", result });
      await end();
    },
    fail,
    stop: (interruption) => fail(kept?.error ?? interruption),
  };
}
