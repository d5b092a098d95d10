import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareArchives } from "../../../core/contents/compare-images.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

// ./test.sh warm
const rebuilds = Number(process.env.TINSMITH_WARM_REBUILDS ?? 20);

const workshop = makeBuiltWorkshop();
const env = { TINSMITH_HOME: join(workshop.folder, "tinsmith") };
const paths = findPaths(env);

/** Builds the worker image, and moves its archive to another name. @returns the path */
async function rebuild(way: "warm" | "cold", name: string): Promise<string> {
  const args = ["rebuild", "worker", "--recipe", workshop.imageSet, "--force", "--json", `--${way}`];
  const { exitStatus, stdout, stderr } = await tinsmith(workshop, args, { env });
  expect([exitStatus, stderr]).toEqual([0, ""]);
  const step = way === "warm" ? "restore" : "boot";
  expect(stdout.toString()).toContain(`"type":"step-finished","step":"${step}"`);
  const moved = join(workshop.folder, `${name}.tar.lz4`);
  renameSync(workshop.workerImage, moved);
  return moved;
}

test(`${rebuilds} rebuilds in a row that continue from one state make the same image as one that boots`, {
  timeout: (rebuilds + 4) * 60_000,
}, async () => {
  const cold = await rebuild("cold", "cold");
  const warming = await tinsmith(workshop, ["warm", "setup", "--recipe", workshop.imageSet], { env });
  expect(warming.exitStatus).toBe(0);
  for (let round = 1; round <= rebuilds; round += 1) {
    const warm = await rebuild("warm", "warm");
    const signal = AbortSignal.timeout(60_000);
    const { comparison } = await compareArchives(cold, warm, { paths, signal, onNote: () => {} });
    // The others differ between two builds that boot, too.
    expect(comparison.changes.filter(({ expected }) => expected === undefined)).toEqual([]);
  }
});
