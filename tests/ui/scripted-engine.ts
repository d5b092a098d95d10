import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Writable } from "node:stream";
import { RPCHandler } from "@orpc/server/ws";
import { startUiServer } from "../../cli/serve/ui-server.ts";
import { type AppDeps, createApp } from "../../core/app/app.ts";
import { buildInputs } from "../../core/build/build-inputs.ts";
import { rememberBuild } from "../../core/build/build-records.ts";
import { readImageSet } from "../../core/build/image-set.ts";
import { findPaths, type Paths } from "../../core/paths.ts";
import { rememberImage } from "../../core/run/known-images.ts";
import { openServedSession, type ServedSession } from "../../core/session/served-session.ts";
import type { BuildStep, OffChoice } from "../../shared/build.ts";
import { AppError, type ErrorData } from "../../shared/errors.ts";
import type { BuildRecord } from "../../shared/library.ts";
import { beginRun, type RunOptions, type ScriptedRun } from "./scripted-run.ts";

const project = resolve(import.meta.dirname, "../..");

/**
 * The engine without QEMU: sessions, their files, their sockets and all servers are real, and a test says what happens
 * in a build.
 */
export interface ScriptedEngine extends AsyncDisposable {
  /** To be opened first. */
  readonly address: string;
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
  /** Puts an archive where a build would have left it, with the record of one. */
  leaveArchive(path: string, record?: Partial<BuildRecord>): void;
  /** Lets the next build that the window asks for be refused. */
  refuseNext(error: ErrorData): void;
  /** Cuts all browsers off, and serves them again at the same address. */
  cutConnections(): Promise<void>;
}

/** A build whose events a test makes. */
export interface ScriptedBuild {
  readonly session: ServedSession;
  readonly args: readonly string[];
  start(step: BuildStep): void;
  finish(step: BuildStep): void;
  progress(step: BuildStep, done: number, total: number): void;
  say(from: "guest-log" | "note", text: string): void;
  /** Lets the build have begun long enough ago that these steps, of so many milliseconds, were done some time ago. */
  backdate(steps: Partial<Record<BuildStep, number>>, ago?: number): void;
  /** Runs a program on the session's terminal: a shell script under a name. */
  runOnHost(name: string, script: string): Promise<void>;
  /** Fails, and keeps its guest until the build is ended. */
  keepGuest(error: ErrorData): void;
  /** Prints on the serial console. */
  print(bytes: string | Uint8Array): void;
  /** What was typed into the serial console. */
  typed(): string;
  /** Lets the guest of an installation by hand be off, and waits for what the person chooses. */
  askWhenOff(text: string): Promise<OffChoice>;
  succeed(): Promise<void>;
  /** Ends its process, as it were, if it has not ended before. */
  end(): Promise<void>;
  fail(error: ErrorData, reusable?: readonly BuildStep[]): Promise<void>;
}

/** @param prepare makes the workspace's image sets; without it there is a copy of the project's own */
export async function startScriptedEngine(prepare?: (workspace: string) => void): Promise<ScriptedEngine> {
  const home = mkdtempSync(join(tmpdir(), "ui-"));
  const paths = findPaths({ TINSMITH_HOME: home });
  const workspace = join(home, "images");
  mkdirSync(workspace);
  if (prepare) prepare(workspace);
  else copyImageSets(workspace);
  const builds: ScriptedBuild[] = [];
  const runs: ScriptedRun[] = [];
  const worker = join(workspace, "microcore/microcore-worker.tar.lz4");
  const startRun = async (options: Partial<RunOptions> = {}) => {
    const run = await beginRun(paths, { image: worker, ...options });
    runs.push(run);
    return run;
  };
  let refusal: ErrorData | undefined;
  const begin = async (title: string, output: string, args: readonly string[] = []) => {
    const build = await beginBuild(paths, title, output, args);
    builds.push(build);
    return build;
  };
  const deps: AppDeps = {
    paths,
    version: "0.0.0",
    workspace,
    startSession: async (args) => {
      if (refusal) {
        const error = new AppError(refusal);
        refusal = undefined;
        throw error;
      }
      if (args[0] === "run") {
        const end = args.indexOf("--");
        const command = args.slice(end + 1);
        return (await startRun({ image: args[end - 1] ?? "", args, command })).session.id;
      }
      const [, image = "worker"] = args;
      const folder = args[args.indexOf("--recipe") + 1] ?? "";
      const name = folder.slice(folder.lastIndexOf("/") + 1);
      const title = `${image === "setup" ? "Setup" : "Worker"} image ${name}`;
      return (await begin(title, join(folder, `${name}-${image}.tar.lz4`), args)).session.id;
    },
    stopSession: async (id) => {
      const error: ErrorData = { code: "interrupted", message: "interrupted" };
      await [...builds, ...runs].find(({ session }) => session.id === id)?.fail(error);
    },
    reveal: async () => {},
  };
  const renderer = join(project, "dist/renderer");
  const rpc = new RPCHandler(createApp(deps));
  const server = await startUiServer({ paths, renderer, port: 0, rpc });
  return {
    address: server.address,
    paths,
    workspace,
    started: builds,
    runs,
    beginRun: startRun,
    begin,
    leaveArchive: (path, record) => {
      writeFileSync(path, "");
      truncateSync(path, 50_000_000);
      const image = path.includes("-setup.") ? "setup" : "worker";
      const inputs = [...buildInputs(readImageSet(dirname(path)), image)];
      const usual = { session: "none", finished: Date.now(), milliseconds: 21_300, steps: {}, inputs };
      const digest = "5f".repeat(32);
      rememberBuild(paths, path, digest, { ...usual, ...record });
      rememberImage(paths, digest);
    },
    refuseNext: (error) => {
      refusal = error;
    },
    cutConnections: async () => server.cutConnections(),
    [Symbol.asyncDispose]: async () => {
      for (const session of [...builds, ...runs]) await session.end();
      await server[Symbol.asyncDispose]();
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
  args: readonly string[],
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
  const end = async () => {
    connected[Symbol.dispose]();
    ended ??= session[Symbol.asyncDispose]();
    await ended;
  };
  return {
    session,
    args,
    start: (step) => session.record({ type: "step-started", step }),
    finish: (step) => session.record({ type: "step-finished", step }),
    progress: (step, done, total) => session.record({ type: "step-progress", step, done, total }),
    backdate: (steps, ago = 0) => {
      const entries = Object.entries(steps) as [BuildStep, number][];
      let time = Date.now() - ago - entries.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
      session.record({ time, type: "build-started", title, session: id, folder: files.folder, output });
      session.record({ time, type: "keep-failed", isWanted: session.keepFailed.isWanted() });
      for (const [step, milliseconds] of entries) {
        session.record({ time, type: "step-started", step });
        time += milliseconds;
        session.record({ time, type: "step-finished", step });
      }
    },
    runOnHost: async (name, script) => {
      writeFileSync(join(files.working, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await session.host.runner(new AbortController().signal, () => {})([`./${name}`], {
        cwd: files.working,
      });
    },
    keepGuest: (error) => session.record({ type: "guest-kept", error, wasOff: false }),
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
    fail: async (error, reusable = []) => {
      session.record({ type: "build-failed", error, reusable });
      await end();
    },
  };
}
