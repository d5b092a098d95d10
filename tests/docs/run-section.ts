import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import type { BlockPlan, CommandBlock, Section, ShownCommand } from "./command-blocks.ts";
import { firstMissing } from "./shown-output.ts";

/** Printed by the shell between two commands of a block. */
const border = "=== next command ===";
/** The port that pages take for an example; another one may be free. */
const shownPort = /\b8080\b/g;
/** A session that a page names stands for the one that its section has begun. */
const shownSession = /\b\d{8}-\d{6}-[0-9a-f]{4}\b/g;
/** How long a block may take to begin, or to end, in milliseconds: one compiles, and on a new machine that takes its time. */
const patience = 240_000;

/** The folder and environment in which the commands of a page are run. */
export interface Workplace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

type RunPlan = Extract<BlockPlan, { kind: "run" }>;

/**
 * Runs the blocks of a section, as a reader would.
 *
 * @throws Error that names the block whose commands ended, or printed, otherwise than the page shows.
 */
export async function runSection(section: Section, workplace: Workplace): Promise<void> {
  const port = `${await freePort()}`;
  const background: { readonly job: Job; readonly plan: RunPlan }[] = [];
  try {
    for (const { plan, ...block } of section.blocks) {
      if (plan.kind === "not-run") continue;
      const [session] = background.flatMap(({ job }) => job.printed().match(shownSession) ?? []);
      const job = startJob(block, workplace, (command) =>
        command.replaceAll(shownPort, port).replaceAll(shownSession, (shown) => session ?? shown),
      );
      background.push({ job, plan });
      if (plan.backgroundUntil === undefined) await job.expectEnd(plan.exitStatus);
      else await job.untilPrinted(plan.backgroundUntil);
    }
    for (const { job, plan } of background) {
      if (plan.thenInterrupted) job.interrupt();
      await job.expectEnd(plan.exitStatus);
    }
  } finally {
    for (const { job } of background) job.kill();
  }
}

/** A block whose commands run. */
interface Job {
  readonly printed: () => string;
  untilPrinted(text: string): Promise<void>;
  /** Waits for its end. @throws Error unless it ends with that status, having printed what the page shows */
  expectEnd(exitStatus: number): Promise<void>;
  interrupt(): void;
  kill(): void;
}

/** @param real replaces the names that a page shows by existing ones */
function startJob(
  block: Omit<CommandBlock, "plan">,
  { folder, env }: Workplace,
  real: (command: string) => string,
): Job {
  const script = block.commands.map(({ command }) => real(command));
  // A group of its own, since an interrupt is for all of it, as on a terminal.
  const child = spawn("bash", ["-ec", `exec 2>&1\n${script.join(`\necho "${border}"\n`)}`], {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = once(child, "close");
  const signal = (name: NodeJS.Signals) => {
    if (statusOf(child) === undefined && child.pid !== undefined) process.kill(-child.pid, name);
  };
  const fail = (what: string) =>
    new Error([`${block.place}: ${what}`, printed, ...readLogs(printed, env)].join("\n"));
  return {
    printed: () => printed,
    untilPrinted: async (text) => {
      const late = AbortSignal.timeout(patience);
      while (!printed.includes(text)) {
        if (statusOf(child) !== undefined || late.aborted) throw fail(`did not print ${text}`);
        await Promise.race([once(child.stdout, "data", { signal: late }).catch(() => {}), ended]);
      }
    },
    expectEnd: async (exitStatus) => {
      await Promise.race([ended, once(AbortSignal.timeout(patience), "abort")]);
      if (statusOf(child) !== exitStatus)
        throw fail(`ended with ${statusOf(child) ?? "nothing yet"}, not with ${exitStatus}`);
      const missing = firstDifference(block.commands, printed.split(`${border}\n`), folder);
      if (missing !== undefined) throw fail(`the page shows this, which was not printed: ${missing}`);
    },
    interrupt: () => signal("SIGINT"),
    kill: () => signal("SIGKILL"),
  };
}

/** The ends of the logs of each session that the output names. */
function readLogs(printed: string, env: NodeJS.ProcessEnv): readonly string[] {
  return [...new Set(printed.match(shownSession))].flatMap((id) =>
    ["events.jsonl", "serial.log", "qemu.log"].flatMap((name) => {
      const file = join(env.XDG_STATE_HOME ?? "", "tinsmith", "sessions", id, name);
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-20);
      return [`== ${id}/${name}`, ...lines.map((line) => line.slice(0, 300))];
    }),
  );
}

/** As a shell has it: of what a signal ended, the signal's number and 128. */
function statusOf({ exitCode, signalCode }: ChildProcess): number | undefined {
  return exitCode ?? (signalCode ? 128 + constants.signals[signalCode] : undefined);
}

function firstDifference(
  commands: readonly ShownCommand[],
  printed: readonly string[],
  folder: string,
): string | undefined {
  return commands
    .filter(({ output }) => output.length > 0)
    .map((shown) => firstMissing(shown.output, printed[commands.indexOf(shown)] ?? "", folder))
    .find((missing) => missing !== undefined);
}
