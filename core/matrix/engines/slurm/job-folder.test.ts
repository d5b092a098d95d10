import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makePlan } from "../../../../shared/contracts/plan.ts";
import type { ImageUnit } from "../../units.ts";
import { JobFolder, WorkFolder } from "./job-folder.ts";

const unit = (name: string): ImageUnit => ({
  ...{ name, kind: "setup", needs: [], output: `/set/${name}.tar.lz4`, memory: 512, cores: 1 },
  plan: makePlan({ kind: "rebuild", image: "setup", folder: "/set", secrets: { PASSWORD: "hunter2" } }),
});

function makeWork() {
  const folder = mkdtempSync(join(tmpdir(), "work-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, work: new WorkFolder(folder) };
}

test("only this user can read the plan of a job, which is removed at its end", () => {
  const { work } = makeWork();
  const job = work.create(unit("small/one"));
  job.writeRequest({ plan: unit("small/one").plan, knownImages: ["d"] });
  const modes = [job.path, dirname(job.path), join(job.path, "job.json")].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600]);
  expect(new JobFolder(job.path).readRequest()).toMatchObject({
    ...{ knownImages: ["d"], plan: { secrets: { PASSWORD: "hunter2" } } },
  });
  job.forgetRequest();
  expect(readdirSync(job.path)).toEqual([]);
});

test("the folders of a unit's jobs are found by the archive that they build", () => {
  const { folder, work } = makeWork();
  const jobs = [work.create(unit("small/one")), work.create(unit("small/one"))];
  work.create(unit("small/one-more"));
  const paths = jobs.map(({ path }) => path).sort();
  expect(work.find(unit("small/one")).map(({ path }) => path)).toEqual(paths);
  expect(paths.map((path) => work.isOf(unit("small/one"), path))).toEqual([true, true]);
  expect(work.isOf(unit("small/other"), paths[0] ?? "")).toBe(false);
  expect(new WorkFolder(join(folder, "none")).find(unit("small/one"))).toEqual([]);
  expect(work.isOf({ ...unit("small/one"), output: "/else.tar.lz4" }, paths[0] ?? "")).toBe(false);
});

test("a folder is old an hour after its job was submitted", () => {
  const { work } = makeWork();
  const job = work.create(unit("small/one"));
  expect(job.isOld).toBe(false);
  const before = Date.now() / 1000 - 4000;
  utimesSync(job.path, before, before);
  expect(job.isOld).toBe(true);
});
