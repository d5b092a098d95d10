import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The program that is tested. */
export const program = resolve(import.meta.dirname, "../../tinsmith");

/** The environment of the program: its sessions are in the home. */
export function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, TINSMITH_HOME: home };
}

/** Starts `./tinsmith` with its sessions in a home, which is its working folder as well. */
export function startTinsmith(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(program, args, { cwd: home, env: { ...environment(home), ...env } });
}

/** The result of a command. */
export interface Outcome {
  readonly exitStatus: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Collects what a command prints until it has ended. */
export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  const [exitStatus] = await once(child, "close");
  return { exitStatus, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

/** Runs `./tinsmith` to its end. */
export async function tinsmith(
  home: string,
  args: readonly string[],
  input: string | Uint8Array = "",
): Promise<Outcome> {
  const child = startTinsmith(home, args);
  child.stdin.end(input);
  return await outcomeOf(child);
}

/** A `tinsmith meta` in a home of its own, which disposing it removes. */
export interface TestMeta extends AsyncDisposable {
  readonly home: string;
  readonly socketPath: string;
  /** The session's id. */
  readonly id: string;
  /** Settles when it has ended. */
  readonly outcome: Promise<Outcome>;
  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<Outcome>;
  /** Waits until it has said that on stderr. */
  untilSaid(text: string): Promise<void>;
}

/** Starts a MetaService for a task, on a socket. */
export async function startMeta(...args: readonly string[]): Promise<TestMeta> {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  const socketPath = join(home, "service.sock");
  const child = startTinsmith(home, ["meta", "--socket", socketPath, ...args, "--", "make", "test"]);
  const outcome = outcomeOf(child);
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  const untilSaid = async (text: string) => {
    while (!said.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended without saying ${text}:\n${said}`);
      await Promise.race([once(child.stderr, "data"), outcome]);
    }
  };
  await untilSaid("listens on");
  const [, id = ""] = /^session (\S+)$/m.exec(said) ?? [];
  const interrupt = () => {
    child.kill("SIGINT");
    return outcome;
  };
  return {
    home,
    socketPath,
    id,
    outcome,
    interrupt,
    untilSaid,
    [Symbol.asyncDispose]: async () => {
      await interrupt();
      rmSync(home, { recursive: true });
    },
  };
}
