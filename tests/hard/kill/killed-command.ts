import { join, resolve } from "node:path";
import { execa, execaSync } from "execa";
import { expect } from "vitest";
import { eventually } from "../../eventually.ts";

/** The program that a person runs. */
export const tinsmithProgram = resolve(import.meta.dirname, "../../../tinsmith");

/** When a command is killed: so long after its start, or before a step that it takes in the file system. */
export interface Moment {
  readonly milliseconds?: number;
  readonly step?: number;
}

/**
 * Runs a command and kills it, unless it ends before. The programs that it has started are not killed; this returns
 * when they have ended too.
 *
 * @param home the folder of all that it keeps; the folder `temporary` in it is to be removed.
 * @returns whether it was killed.
 */
export async function runAndKill(
  home: string,
  [program, ...args]: readonly [string, ...string[]],
  moment: Moment,
): Promise<boolean> {
  const preload = `--import=${import.meta.resolve("./kill-before-step.ts")}`;
  const child = execa(program, args, {
    env: {
      CI: "true",
      TINSMITH_HOME: home,
      TMPDIR: join(home, "temporary"),
      // The program may bundle itself beside its work, and the bundler would keep its own compiled code there.
      NODE_DISABLE_COMPILE_CACHE: "1",
      ...(moment.step === undefined ? {} : { NODE_OPTIONS: preload, KILL_BEFORE_STEP: `${moment.step}` }),
    },
    // In a process group of its own, by which its programs are found.
    detached: true,
    reject: false,
    stdin: "ignore",
    timeout: Math.ceil(moment.milliseconds ?? 60_000),
    killSignal: "SIGKILL",
  });
  const { signal, exitCode, stderr } = await child;
  if (signal !== "SIGKILL" && exitCode !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  const stillRunning = ["-g", `${child.pid}`, "--runstates", "D,R,S"];
  await eventually(() => expect(execaSync("pgrep", stillRunning, { reject: false }).stdout).toBe(""), {
    interval: 5,
  });
  return signal === "SIGKILL";
}
