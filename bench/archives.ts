import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { judged, median } from "./figures.ts";
import { makeProgramImage, makeSparseImage } from "./sample-image.ts";

// node bench/archives.ts [ROUNDS]
// Packs and extracts beside the commands that are replaced, in turns, and prints medians. Ratios are of runs in the
// same round, since machines are faster and slower from minute to minute.

const engineRun = z.object({ seconds: z.number(), memory: z.number() });

interface Run {
  readonly seconds: number;
  /** The most memory that the process had, in bytes. */
  readonly memory?: number;
}

interface Contender {
  readonly name: string;
  readonly run: () => Promise<Run>;
  /** The path of the archive, when the command makes one. */
  readonly archive?: string;
  /** The output to remove before each run. */
  readonly output: string;
  /** Done before each run, and not measured. */
  readonly before?: () => Promise<unknown>;
  /** Another one that it is compared with, too, and the part of its time that it may take. */
  readonly secondBar?: { readonly reference: string; readonly time: number };
  /** It is compared with this one, and must take at most these parts of its time and size. */
  readonly bars?: { readonly reference: string; readonly time: number; readonly size?: number };
}

const rounds = Number(process.argv[2] ?? 9);
const folder = await mkdtemp(join(tmpdir(), "tinsmith-bench-"));

function shell(script: string): () => Promise<Run> {
  return async () => {
    const start = performance.now();
    await execa("sh", ["-ec", script], { cwd: folder });
    return { seconds: (performance.now() - start) / 1000 };
  };
}

/** Ours: the time of the call itself, with sync and read-back, without the start of Node. */
function engine(...args: readonly string[]): () => Promise<Run> {
  return async () => {
    const { stdout } = await execa("node", [join(import.meta.dirname, "engine.ts"), ...args], {
      cwd: folder,
    });
    return engineRun.parse(JSON.parse(stdout));
  };
}

const pack = "tar -S, then lz4 -5";
const quickPack = "tar -S | lz4 -1";
const extract = "lz4 -d | tar x";
const files = "-C image disk.img machine.json";
// Ours also take the archive's SHA-256; pack syncs the archive and reads it back. These contenders show how long the
// commands take with that. The bars are of the commands alone, which leave it out.
const contenders: readonly Contender[] = [
  {
    name: pack,
    run: shell(`tar -S -cf image.tar ${files}; lz4 -q -5 image.tar old.tar.lz4; rm image.tar`),
    archive: "old.tar.lz4",
    output: "old.tar.lz4",
  },
  {
    name: quickPack,
    run: shell(`tar -S -cf - ${files} | lz4 -q -1 > quick.tar.lz4`),
    archive: "quick.tar.lz4",
    output: "quick.tar.lz4",
  },
  {
    name: "  with sync and sha256sum",
    run: shell(`tar -S -cf - ${files} | lz4 -q -1 > safe.tar.lz4; sync safe.tar.lz4; sha256sum safe.tar.lz4`),
    output: "safe.tar.lz4",
  },
  {
    name: "ours, lz4",
    run: engine("pack", "image", "ours.tar.lz4"),
    archive: "ours.tar.lz4",
    output: "ours.tar.lz4",
    bars: { reference: pack, time: 0.16, size: 1.25 },
    secondBar: { reference: quickPack, time: 0.75 },
  },
  {
    name: "ours, zstd",
    run: engine("pack", "image", "ours.tar.zst"),
    archive: "ours.tar.zst",
    output: "ours.tar.zst",
    bars: { reference: pack, time: 0.3, size: 1 },
  },
  { name: extract, run: shell("mkdir out; lz4 -q -dc ours.tar.lz4 | tar -xf - -C out"), output: "out" },
  {
    name: "  with sha256sum",
    run: shell("sha256sum ours.tar.lz4; mkdir out; lz4 -q -dc ours.tar.lz4 | tar -xf - -C out"),
    output: "out",
  },
  {
    name: "ours, extract lz4",
    run: engine("extract", "ours.tar.lz4", "out"),
    output: "out",
    bars: { reference: extract, time: 0.55 },
  },
  {
    name: "ours, disk from the cache",
    run: engine("open", "ours.tar.lz4", "home"),
    output: "home/layer.qcow2",
    before: engine("open", "ours.tar.lz4", "home"),
    bars: { reference: extract, time: 0.05 },
  },
  { name: "ours, extract zstd", run: engine("extract", "ours.tar.zst", "out"), output: "out" },
  { name: "40 GiB: ours, lz4", run: engine("pack", "sparse", "40.tar.lz4"), output: "40.tar.lz4" },
  { name: "40 GiB: ours, zstd", run: engine("pack", "sparse", "40.tar.zst"), output: "40.tar.zst" },
  { name: "40 GiB: ours, extract lz4", run: engine("extract", "40.tar.lz4", "out"), output: "out" },
  { name: "40 GiB: ours, extract zstd", run: engine("extract", "40.tar.zst", "out"), output: "out" },
];
const memoryBar = 200e6;

try {
  await makeProgramImage(join(folder, "image"));
  await makeSparseImage(join(folder, "sparse"));
  const results = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  const sizes = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, run, archive, output, before } of contenders) {
      await before?.();
      await rm(join(folder, output), { recursive: true, force: true });
      // Data that others wrote must not be written to the disk during our measurement.
      await execa("sync");
      results.get(name)?.push(await run());
      if (archive) sizes.set(name, (await stat(join(folder, archive))).size);
    }
  }
  process.stdout.write(`${table(results, sizes)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

function table(results: ReadonlyMap<string, readonly Run[]>, sizes: ReadonlyMap<string, number>): string {
  const ratioTo = (runs: readonly Run[], reference = "") => {
    const others = results.get(reference) ?? [];
    return median(runs.map(({ seconds }, round) => seconds / (others[round]?.seconds ?? 0)));
  };
  const rows = contenders.flatMap(({ name, bars, secondBar }) => {
    const runs = results.get(name) ?? [];
    const size = sizes.get(name);
    const memory = Math.max(...runs.map((run) => run.memory ?? 0));
    const timeRatio = ratioTo(runs, bars?.reference);
    const sizeRatio = (size ?? 0) / (sizes.get(bars?.reference ?? "") ?? 0);
    const row = [
      name,
      median(runs.map(({ seconds }) => seconds)).toFixed(2),
      bars ? judged(timeRatio, bars.time, "at most") : "",
      size ? (size / 1e6).toFixed(1) : "",
      bars?.size ? judged(sizeRatio, bars.size, "at most") : "",
      memory > 0 ? judged(memory / 1e6, memoryBar / 1e6, "at most", 0) : "",
    ];
    if (!secondBar) return [row];
    const { reference, time } = secondBar;
    return [
      row,
      [`  beside ${reference}`, "", judged(ratioTo(runs, reference), time, "at most"), "", "", ""],
    ];
  });
  const titles = ["", "s", "time ratio", "MB", "size ratio", "peak MB"];
  const widths = titles.map((_, column) =>
    Math.max(...[titles, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [titles, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
