import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { markKeptGuest } from "../../core/builder/failed-guest.ts";
import { setupChoices } from "../../core/builder/inputs/setup-choices.ts";
import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import type { Paths } from "../../core/storage/paths.ts";
import type { ImageGrowth } from "../../shared/contents/growth.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import type { BuildStep, OffChoice } from "../../shared/session/build.ts";
import { type ScriptedInstall, scriptInstall } from "./scripted-install.ts";
import { type ScriptedRecording, scriptRecording } from "./scripted-recording.ts";

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
  /** Has these install steps, of which so many are done. @returns the acts of the window on them */
  install(steps: readonly InstallStep[], done: number): ScriptedInstall;
  /** Records an installation by hand. */
  record(): ScriptedRecording;
  /** Prints on the serial console. */
  print(bytes: string | Uint8Array): void;
  /** The input of the serial console. */
  typed(): string;
  /** Lets the guest of an installation by hand be off, and waits for what the person chooses. */
  askWhenOff(text: string): Promise<OffChoice>;
  succeed(growth?: ImageGrowth): Promise<void>;
  /** Ends its process, as it were, if it has not ended before. */
  end(): Promise<void>;
  fail(error: ErrorData, reusable?: readonly BuildStep[]): Promise<void>;
  /** Ends as the real one does at a request: one whose guest is kept has failed before. */
  stop(interruption: ErrorData): Promise<void>;
}

/** Begins a build as another process would. */
export async function beginBuild(
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
  let isByHand = false;
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
      const started = { type: "build-started", title, session: id, folder: files.folder, output } as const;
      session.record({ time, ...started, ...(isByHand && { isByHand }) });
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
    install: (steps, done) => scriptInstall(session, steps, done),
    record: () => {
      isByHand = true;
      const choices = plan?.kind === "rebuild" ? setupChoices(plan) : undefined;
      const started = { type: "build-started", title, session: id, folder: files.folder, output } as const;
      session.record({ ...started, isByHand, choices });
      return scriptRecording(session);
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
    succeed: async (growth) => {
      const archive = { path: output, size: 50_000_000, digest: "5f".repeat(32) };
      const result = { ...archive, guestMilliseconds: 19_680, growth };
      session.record({ type: "build-finished", result });
      await end();
    },
    fail,
    stop: (interruption) => fail(kept?.error ?? interruption),
  };
}
