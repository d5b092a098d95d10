import { appendFileSync, cpSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { interleavedPairs, judgedPairs } from "./figures.ts";

// node bench/matrix.ts [PAIRS]
// Four cells of a matrix that are built at once, as far as they fit, beside four builds one after another: on real virtual
// machines, in a home of their own. The bar is that of two cores.

const [count = "3"] = process.argv.slice(2);
const project = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "matrix-"));
const set = join(folder, "images/microcore");
const memories = [300, 310, 320, 330];
const options = { cwd: folder, env: { CI: "true", XDG_STATE_HOME: join(folder, "state") } } as const;

const tinsmith = (...args: readonly string[]) =>
  execa(join(project, "tinsmith"), [...args, "--recipe", set], options);

/** @returns seconds */
async function measure(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function buildMatrix(): Promise<number> {
  for (const archive of globSync(join(set, "matrix/*.tar.lz4"))) rmSync(archive);
  return measure(() => tinsmith("matrix"));
}

function buildOneByOne(): Promise<number> {
  return measure(async () => {
    for (const memory of memories)
      await tinsmith("rebuild", "worker", "--force", "--cold", "--memory", `${memory}`);
  });
}

try {
  cpSync(join(project, "images"), join(folder, "images"), { recursive: true });
  appendFileSync(join(set, "recipe.yaml"), `matrix: {memory: [${memories}]}\n`);
  await tinsmith("rebuild", "worker", "--cold");
  const pairs = await interleavedPairs(Number(count), buildMatrix, buildOneByOne);
  process.stdout.write(`four cells at once beside one by one: ${judgedPairs(pairs, 0.7, "at most")}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
