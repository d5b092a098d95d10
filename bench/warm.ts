import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { interleavedPairs, judgedPairs } from "./figures.ts";

// node bench/warm.ts [PAIRS]
// A rebuild and a run that continue from saved states, beside those that boot: on real virtual machines, in a home of their
// own. On an idle machine with two cores and without KVM, a rebuild took 8.1 s, and a run 7 s to the first request.

const [count = "5"] = process.argv.slice(2);
const project = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "warm-"));
const set = join(folder, "images/microcore");
const worker = join(set, "microcore-worker.tar.lz4");
const options = {
  cwd: folder,
  // No state is saved unless it is asked for. Go's and the ISO's caches are the user's.
  env: { CI: "true", XDG_STATE_HOME: join(folder, "state") },
} as const;

const tinsmith = (args: readonly string[]) => execa(join(project, "tinsmith"), args, options);

/** @returns seconds from the command to its end */
async function rebuild(way: "--warm" | "--cold"): Promise<number> {
  const start = performance.now();
  await tinsmith(["rebuild", "worker", "--recipe", set, "--force", way]);
  return (performance.now() - start) / 1000;
}

/** @returns seconds from the command to the guest tools' first request */
async function run(ways: readonly string[]): Promise<number> {
  const start = performance.now();
  const command = tinsmith(["run", worker, ...ways, "--", "true"]);
  let seconds = Number.NaN;
  command.stderr.on("data", (bytes: Buffer) => {
    if (Number.isNaN(seconds) && `${bytes}`.includes("the guest tools have started"))
      seconds = (performance.now() - start) / 1000;
  });
  await command;
  return seconds;
}

try {
  cpSync(join(project, "images"), join(folder, "images"), { recursive: true });
  await tinsmith(["rebuild", "worker", "--recipe", set, "--cold"]);
  await tinsmith(["warm", "setup", "--recipe", set]);
  const rebuilds = await interleavedPairs(
    Number(count),
    () => rebuild("--warm"),
    () => rebuild("--cold"),
  );
  process.stdout.write(`rebuild, warm beside cold: ${judgedPairs(rebuilds, 0.31, "at most")}\n`);
  await tinsmith(["warm", "worker", "--recipe", set]);
  const runs = await interleavedPairs(
    Number(count),
    () => run(["--warm"]),
    () => run([]),
  );
  process.stdout.write(`run to its first request, warm beside cold: ${judgedPairs(runs, 0.15, "at most")}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
