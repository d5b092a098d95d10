import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createLibraryReader } from "../core/app/library/library.ts";
import { pollForChanges } from "../core/async/poll-for-changes.ts";
import { rememberBuild } from "../core/builder/freshness/build-records.ts";
import { buildInputs } from "../core/builder/inputs/build-inputs.ts";
import { readImageSet } from "../core/image-set/image-set.ts";
import { findPaths } from "../core/storage/paths.ts";
import { imageKinds, type Library } from "../shared/library/library.ts";
import { judged } from "./figures.ts";

// node bench/library.ts [SETS] [ARCHIVES]
// Watches a large library, as a process does that serves a window, and prints how long that kept it from anything else
// at a time, which part of its time it took, and how much memory.

const [sets = 100, archives = 200] = process.argv.slice(2).map(Number);
/** Bytes of one set's file for the data CD. */
const largeFile = 300 * 1024 ** 2;
const bars = {
  /** Milliseconds for which nothing else is served. */
  stall: 20,
  /** The part of the time that a library takes in which nothing changes, and one in which an image is being written. */
  idle: 0.1,
  writing: 0.2,
  /** MB more than before the first look, a large file included. */
  memory: 100,
} as const;

const home = mkdtempSync(join(tmpdir(), "tinsmith-bench-"));
const paths = findPaths({ TINSMITH_HOME: home });
const workspace = join(home, "images");
const recipe = readFileSync(join(import.meta.dirname, "../images/microcore/recipe.yaml"), "utf8");

async function makeSet(name: string, cdBytes: number): Promise<string> {
  const folder = join(workspace, name);
  mkdirSync(join(folder, "iso"), { recursive: true });
  writeFileSync(join(folder, "recipe.yaml"), recipe.replace(/^cd: .*$/m, "cd: [setup.sh, worker.sh]"));
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  writeFileSync(join(folder, "iso/build.sh"), "#!/bin/sh\n");
  writeFileSync(join(folder, "worker.sh"), "#!/bin/sh\n");
  writeFileSync(join(folder, "setup.sh"), "");
  truncateSync(join(folder, "setup.sh"), cdBytes);
  const set = readImageSet(folder);
  const record = {
    session: "none",
    finished: 0,
    milliseconds: 20_000,
    steps: { boot: 5_000, guest: 15_000 },
  };
  for (const image of imageKinds) {
    const path = image === "setup" ? set.setupImage : set.workerImage;
    writeFileSync(path, "an image");
    // As if another file were large: what it is now has to be found out.
    const inputs = cdBytes > 1_000_000 ? [] : [...(await buildInputs(set, image))];
    rememberBuild(paths, path, "5f".repeat(32), { ...record, inputs });
  }
  return set.workerImage;
}

function makeArchive(name: string): string {
  const path = join(home, "elsewhere", name);
  mkdirSync(join(home, "elsewhere"), { recursive: true });
  writeFileSync(path, "an image");
  const record = { session: "none", finished: 0, milliseconds: 20_000, steps: {}, inputs: [] };
  rememberBuild(paths, path, "5f".repeat(32), record);
  return path;
}

interface Load {
  /** Milliseconds of work, and of all that kept the process from it. */
  readonly stall: number;
  readonly wait: number;
  /** The part of the time in which it worked. */
  readonly share: number;
}

/** Measures what this thread does meanwhile. A busy machine keeps it from working, which is not the thread's fault. */
async function measure(work: () => Promise<unknown>): Promise<Load> {
  let [stall, wait] = [0, 0];
  let [turn, worked] = [performance.now(), workedUntilNow()];
  const timer = setInterval(() => {
    wait = Math.max(wait, performance.now() - turn);
    stall = Math.max(stall, Math.min(performance.now() - turn, workedUntilNow() - worked));
    [turn, worked] = [performance.now(), workedUntilNow()];
  }, 1);
  const [begun, workedBefore] = [performance.now(), workedUntilNow()];
  await work();
  clearInterval(timer);
  const share = (workedUntilNow() - workedBefore) / (performance.now() - begun);
  return { stall, wait, share };
}

/** Milliseconds. */
function workedUntilNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function peakMegabytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await delay(20);
}

try {
  const images: string[] = [];
  for (let index = 0; index < sets; index++)
    images.push(await makeSet(`set-${index}`, index === 0 ? largeFile : 100));
  const places = {
    workspaces: [workspace],
    archives: Array.from({ length: archives }, (_, index) => makeArchive(`${index}.tar.lz4`)),
  };
  using reader = createLibraryReader(paths);
  const ended = new AbortController();
  let seen: Library | undefined;
  const isKnown = () =>
    seen?.sets.length === sets && seen.sets.every(({ setup, worker }) => setup.stale && worker.stale);
  const take = () => reader.read(places, () => undefined);
  // Newly written files are read once more when they have settled.
  await delay(2_500);
  const own = await measure(() => delay(5_000));
  const memoryBefore = peakMegabytes();
  const watching = (async () => {
    for await (const library of pollForChanges(take, ended.signal, reader.changed)) seen = library;
  })();
  const first = await measure(() => until(isKnown));
  const memory = peakMegabytes() - memoryBefore;
  const idle = await measure(() => delay(15_000));
  const writing = await measure(async () => {
    for (let piece = 0; piece < 200; piece++) {
      appendFileSync(images[1] ?? "", "more of the image");
      await delay(50);
    }
  });
  ended.abort();
  await watching;
  const line = ({ stall, wait, share }: Load, shareBar?: number) =>
    `${judged(stall, bars.stall, "at most", 1)} (with waits ${wait.toFixed(1)}), share ${shareBar === undefined ? share.toFixed(2) : judged(share, shareBar, "at most")}`;
  process.stdout.write(`${sets} image sets, ${archives} archives, a file of ${largeFile / 1e6} MB for a CD
longest work at a time, ms
  the bench itself     ${own.stall.toFixed(1)} (with waits ${own.wait.toFixed(1)}), share ${own.share.toFixed(2)}
  first look           ${line(first)}
  nothing changes      ${line(idle, bars.idle)}
  an image is written  ${line(writing, bars.writing)}
memory, MB             ${judged(memory, bars.memory, "at most", 0)}
`);
} finally {
  rmSync(home, { recursive: true });
}
