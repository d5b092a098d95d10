import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { rememberBuild } from "../core/builder/freshness/build-records.ts";
import { buildInputs } from "../core/builder/inputs/build-inputs.ts";
import { digestFile } from "../core/files/digest.ts";
import { readImageSet } from "../core/image-set/image-set.ts";
import { findPaths } from "../core/storage/paths.ts";
import { imageKinds } from "../shared/library/library.ts";
import { interleavedPairs, judgedPairs, median, type Pair } from "./figures.ts";

// node bench/cli.ts [ROUNDS]
// Starts the checkout's CLI from its bundle: its time and peak of memory beside those of node -e 0, and the time of a
// rebuild with nothing changed.

const rounds = Number(process.argv[2] ?? 11);
const project = join(import.meta.dirname, "..");
const tinsmith = join(project, "tinsmith");

const home = mkdtempSync(join(tmpdir(), "ts-"));
try {
  const rebuild = ["rebuild", "worker", "--recipe", await leaveImages()];
  await untilBundled();
  // Digests of large files are kept only when these have not changed just now.
  await delay(2_100);
  await start(tinsmith, rebuild);
  await compare("tinsmith --version", ["--version"], { time: 2.5, memory: 1.8 });
  // The program, without a session to show: most of it is the start of Node, Zod and Commander.
  await compare("tinsmith sessions", ["sessions"], { time: 2.5, memory: 1.8 });
  // 0.3 s, where node -e 0 takes 0.05 s.
  await compare("a rebuild with nothing changed", rebuild, { time: 6, memory: 2.5 });
} finally {
  rmSync(home, { recursive: true });
}

/** An image set whose images are up to date, and as large as the images of microcore. @returns its folder */
async function leaveImages(): Promise<string> {
  cpSync(join(project, "images"), join(home, "images"), {
    recursive: true,
    filter: (path) => !/\.tar\.(lz4|zst)$/.test(path),
  });
  const set = readImageSet(join(home, "images/microcore"));
  const record = { session: "none", finished: Date.now(), milliseconds: 20_000, steps: {} };
  for (const image of imageKinds) {
    const path = image === "setup" ? set.setupImage : set.workerImage;
    writeFileSync(path, "");
    truncateSync(path, 12_000_000);
    const inputs = [...(await buildInputs(set, image))];
    rememberBuild(findPaths({ TINSMITH_HOME: home }), path, await digestFile(path), { ...record, inputs });
  }
  return set.folder;
}

/** Starts the CLI until it runs from a bundle of the present sources, which is built in the background. */
async function untilBundled(): Promise<void> {
  const current = join(project, "dist/checkout/current");
  const newest = () => statSync(current, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (let tries = 0; tries < 60; tries += 1) {
    const before = newest();
    await start(tinsmith, ["--version"]);
    await delay(1_000);
    // A start from sources would have renewed it.
    if (before > 0 && newest() === before && !existsSync(join(project, "dist/checkout/.new"))) return;
  }
  throw new Error("the CLI's bundle was not built within a minute");
}

interface Start {
  /** Milliseconds. */
  readonly time: number;
  /** The peak of memory, in kB. */
  readonly memory: number;
}

async function start(program: string, args: readonly string[]): Promise<Start> {
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: "ignore",
    env: { ...process.env, TINSMITH_HOME: home },
  });
  const ended = once(child, "exit");
  const time = ended.then(() => performance.now() - began);
  let memory = 0;
  while (child.exitCode === null && child.signalCode === null) {
    memory = Math.max(memory, peakOf(child.pid));
    await nextTurn();
  }
  if (child.exitCode !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${child.exitCode}`);
  return { time: await time, memory };
}

function peakOf(pid: number | undefined): number {
  try {
    const [, peak = "0"] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(peak);
  } catch {
    return 0;
  }
}

async function compare(
  what: string,
  args: readonly string[],
  bars: { readonly time: number; readonly memory: number },
): Promise<void> {
  const memory: Pair[] = [];
  let own = 0;
  const pairs = await interleavedPairs(
    rounds,
    async () => {
      const { time, memory: peak } = await start(tinsmith, args);
      own = peak;
      return time;
    },
    async () => {
      const { time, memory: peak } = await start(process.execPath, ["-e", "0"]);
      memory.push({ ours: own, reference: peak });
      return time;
    },
  );
  // Whichever side is first in a pair, the one of ours before counts.
  const known = memory.filter(({ ours }) => ours > 0);
  const time = median(pairs.map(({ ours }) => ours)).toFixed(0);
  process.stdout.write(
    `${what}: ${time} ms, ${judgedPairs(pairs, bars.time, "at most")} of the time of node -e 0\n` +
      `${what}: ${judgedPairs(known, bars.memory, "at most")} of its memory\n`,
  );
}
