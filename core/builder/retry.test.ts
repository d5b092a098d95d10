import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BuildEvent } from "../../shared/session/build.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { writeImage } from "../image/test-fixtures.ts";
import { newHome } from "../session/serve/test-session.ts";
import { sessionPaths } from "../storage/paths.ts";
import { changeSettings } from "../storage/settings-store.ts";
import { buildImage } from "./build-image.ts";
import type { BuildPlan } from "./build-plan.ts";
import { performStep } from "./build-step.ts";
import { WatchedInputs } from "./inputs/watched-inputs.ts";
import { keepRetryWork, type Origin, workFiles } from "./retry/retry-work.ts";

/** A home with sessions that failed to pack an archive, and a way to build it once more. */
function makeFailures() {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  const origin: Origin = {
    output: join(paths.sessions, "../worker.tar.lz4"),
    inputs: [{ kind: "cd-file", name: "setup.sh", digest: "1" }],
    choices: {},
  };
  const filesOf = (id: string) => sessionPaths(paths, id);
  const failToPack = async (id: string, output = origin.output) => {
    const files = filesOf(id);
    mkdirSync(join(files.working, workFiles.image), { recursive: true });
    await writeImage(join(files.working, workFiles.image));
    const steps = [
      { step: "boot", started: 1, finished: 2 },
      { step: "pack", started: 3 },
    ] as const;
    expect(keepRetryWork(files, { ...origin, output }, { steps }, 1)).toEqual(["boot"]);
  };
  const events: BuildEvent[] = [];
  const build = async (changed: Partial<BuildPlan>) => {
    const machineFile = filesOf("20200101-1").keptWorkRecord;
    const plan: BuildPlan = {
      title: "Worker",
      output: origin.output,
      inputs: await WatchedInputs.start(async () => origin.inputs),
      hasAllInputs: true,
      source: { kind: "new", machineFile, sizeGib: 1 },
      preparesFirst: true,
      prepare: () => Promise.reject(new Error("not wanted")),
      ...changed,
    };
    const { signal } = new AbortController();
    return await buildImage(plan, { paths, signal, onEvent: (event) => events.push(event) });
  };
  return { paths, origin, filesOf, failToPack, events, build };
}

const deleted = (id: string) =>
  `Deleted the work that session ${id} kept for a retry: this build replaces it.`;

test("packing is tried again with the kept disk, whatever is deleted to make room for the retry", async () => {
  const { paths, origin, failToPack, events, build } = makeFailures();
  await failToPack("20200101-1");
  await failToPack("20200101-2", "/images/other.tar.lz4");
  changeSettings(paths, { retention: { sessions: 1, sessionsGib: 1, cacheGib: 1e-9 } });
  await build({ retry: "20200101-1" });
  expect(events).toContainEqual(expect.objectContaining({ type: "step-reused", step: "boot" }));
  expect(existsSync(origin.output)).toBe(true);
});

test("kept work stays while a newer build of the archive has made nothing, and goes once that has kept work of its own", async () => {
  const { filesOf, failToPack, events, build } = makeFailures();
  await failToPack("20200101-1");
  await expect(build({})).rejects.toThrow("not wanted");
  expect(existsSync(filesOf("20200101-1").keptWorkRecord)).toBe(true);
  const prepare: BuildPlan["prepare"] = async ({ folder, report }) => {
    await performStep(report, "data-cd", async () => mkdirSync(join(folder, workFiles.dataCd)));
    throw new Error("no guest here");
  };
  await expect(build({ prepare })).rejects.toThrow("no guest here");
  expect(existsSync(filesOf("20200101-1").keptWork)).toBe(false);
  expect(events).toContainEqual(expect.objectContaining({ type: "note", text: deleted("20200101-1") }));
});

test("kept work of other builds goes when the archive is made", async () => {
  const { filesOf, failToPack, events, build } = makeFailures();
  await failToPack("20200101-1");
  await failToPack("20200101-2");
  await build({ retry: "20200101-2" });
  expect(existsSync(filesOf("20200101-1").keptWork)).toBe(false);
  expect(events).toContainEqual(expect.objectContaining({ type: "note", text: deleted("20200101-1") }));
});
