import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa, execaSync } from "execa";

const project = resolve(import.meta.dirname, "../../..");

/** When a command is killed: so long after its start, or before a step that it takes in the file system. */
export interface Moment {
  readonly milliseconds?: number;
  readonly step?: number;
}

/**
 * Runs `./tinsmith` and kills it, unless it ends before. Of the programs that it has started none is killed; this
 * returns when they have ended too.
 *
 * @param home where it keeps what it keeps, and in the folder `temporary` what is to be removed.
 * @returns whether it was killed.
 */
export async function runAndKill(home: string, args: readonly string[], moment: Moment): Promise<boolean> {
  const preload = `--import=${import.meta.resolve("./kill-before-step.ts")}`;
  const child = execa(join(project, "tinsmith"), args, {
    env: {
      TINSMITH_HOME: home,
      TMPDIR: join(home, "temporary"),
      ...(moment.step === undefined ? {} : { NODE_OPTIONS: preload, KILL_BEFORE_STEP: `${moment.step}` }),
    },
    // In a process group of its own, by which its programs are found.
    detached: true,
    reject: false,
    stdin: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), moment.milliseconds ?? 60_000);
  const { signal, exitCode, stderr } = await child;
  clearTimeout(timer);
  if (signal !== "SIGKILL" && exitCode !== 0) throw new Error(`tinsmith ${args.join(" ")}: ${stderr}`);
  const stillRunning = ["-g", `${child.pid}`, "--runstates", "D,R,S"];
  while (execaSync("pgrep", stillRunning, { reject: false }).stdout !== "") await delay(5);
  return signal === "SIGKILL";
}
