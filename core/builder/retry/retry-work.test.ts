import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initialBuildState, reduceBuild } from "../../../shared/session/build.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { dropRetryWork, keepRetryWork, keptChoices, takeRetryWork } from "./retry-work.ts";

const origin = {
  output: "/images/worker.tar.lz4",
  inputs: [{ kind: "cd-file", name: "setup.sh", digest: "1" }],
  choices: { size: 4 },
} as const;
const steps = ["guest-tools", "data-cd", "disk", "boot", "guest", "pack"] as const;

/** A session that has failed in a step, with what it made until then. */
function failIn(paths: Paths, failed: (typeof steps)[number], id = "failed") {
  const files = sessionPaths(paths, id);
  makePrivateFolder(paths.sessions);
  mkdirSync(join(files.working, "image"), { recursive: true });
  for (const name of ["guest-tools", "data-cd.iso", "image/disk.img"])
    writeFileSync(join(files.working, name), `the ${name}`);
  const done = steps.slice(0, steps.indexOf(failed));
  const started = done.reduce(
    (state, step) =>
      reduceBuild(reduceBuild(state, { type: "step-started", time: 1, step }), {
        type: "step-finished",
        time: 2,
        step,
      }),
    initialBuildState,
  );
  const state = reduceBuild(started, { type: "step-started", time: 3, step: failed });
  return { files, reusable: keepRetryWork(files, origin, state, 1_200) };
}

function newFolder(paths: Paths): string {
  const folder = join(paths.sessions, "new-working");
  mkdirSync(folder);
  return folder;
}

test("after a guest that failed, the guest tools and the data CD are used again, and its disk is not", () => {
  const paths = newHome();
  const { reusable, files } = failIn(paths, "guest");
  expect(reusable).toEqual(["guest-tools", "data-cd"]);
  const working = newFolder(paths);
  expect(takeRetryWork(paths, "failed", origin, working)).toMatchObject({ steps: reusable });
  expect(readdirSync(working).sort()).toEqual(["data-cd.iso", "guest-tools"]);
  expect(readdirSync(files.keptWork)).toEqual([]);
});

test("after packing that failed, only that is done again", () => {
  const paths = newHome();
  failIn(paths, "pack");
  const working = newFolder(paths);
  const resumed = takeRetryWork(paths, "failed", origin, working);
  expect(resumed).toMatchObject({ steps: steps.slice(0, -1), guestMilliseconds: 1_200 });
  expect(readFileSync(join(working, "image/disk.img"), "utf8")).toBe("the image/disk.img");
});

test("nothing is used again when what it was made from has changed, or it was another archive's", () => {
  const paths = newHome();
  failIn(paths, "pack");
  const working = newFolder(paths);
  const changed = {
    ...origin,
    inputs: [{ kind: "cd-file", name: "setup.sh", digest: "2" } as const],
  };
  expect(takeRetryWork(paths, "failed", changed, working).note).toBe(
    "setup.sh changed since: Tinsmith builds everything again.",
  );
  const other = { ...origin, output: "/images/other.tar.lz4" };
  expect(takeRetryWork(paths, "failed", other, working).note).toContain("has kept nothing");
  expect(() => takeRetryWork(paths, "../../../etc", origin, working)).toThrow("is not the id of a session");
  expect(readdirSync(working)).toEqual([]);
});

test("after a change of a file for the data CD, only the CD is made again", () => {
  const paths = newHome();
  const { files } = failIn(paths, "guest", "failed");
  const working = newFolder(paths);
  const setupChanged = { ...origin, inputs: [{ kind: "cd-file", name: "setup.sh", digest: "2" } as const] };
  expect(takeRetryWork(paths, "failed", setupChanged, working)).toEqual({
    steps: ["guest-tools"],
    guestMilliseconds: 1_200,
    note: "setup.sh changed since: Tinsmith makes again what depends on that.",
  });
  expect(readdirSync(working)).toEqual(["guest-tools"]);
  expect(existsSync(files.keptWorkRecord)).toBe(false);
});

test("an installer that has booted is kept with its disk, and used with other install steps, but not with another machine", () => {
  const paths = newHome();
  const inputs = [
    { kind: "recipe", name: "recipe.yaml", digest: "1" },
    { kind: "machine", name: "machine.json", digest: "1" },
  ] as const;
  const setup = { ...origin, inputs };
  const fail = (id: string) => {
    const files = sessionPaths(paths, id);
    makePrivateFolder(paths.sessions);
    for (const folder of ["image", "booted"]) mkdirSync(join(files.working, folder), { recursive: true });
    const step = { step: "boot", started: 1, finished: 2, isReused: false } as const;
    return keepRetryWork(files, setup, { steps: [step] }, 0);
  };
  expect(fail("failed")).toEqual(["boot"]);
  expect(fail("other")).toEqual(["boot"]);
  const working = newFolder(paths);
  const [recipe, machine] = inputs;
  const otherMachine = { ...setup, inputs: [recipe, { ...machine, digest: "2" }] };
  expect(takeRetryWork(paths, "other", otherMachine, working).note).toContain("machine.json changed since");
  expect(readdirSync(working)).toEqual([]);
  const otherSteps = { ...setup, inputs: [{ ...recipe, digest: "2" }, machine] };
  expect(takeRetryWork(paths, "failed", otherSteps, working)).toMatchObject({ steps: [] });
  expect(readdirSync(working).sort()).toEqual(["booted", "image"]);
});

test("nothing is used again when the failed build had an input that this one has not", () => {
  const paths = newHome();
  failIn(paths, "pack");
  const resumed = takeRetryWork(paths, "failed", { ...origin, inputs: [] }, newFolder(paths));
  expect(resumed.note).toBe("setup.sh changed since: Tinsmith builds everything again.");
});

test("what a person had chosen for a failed build is known for a retry of the same archive", () => {
  const paths = newHome();
  const { files } = failIn(paths, "pack");
  expect(keptChoices(paths, "failed", origin.output)).toEqual({ size: 4 });
  expect(keptChoices(paths, "failed", "/images/other.tar.lz4")).toBeUndefined();
  const old = join(import.meta.dirname, "../../../tests/fixtures/kept-files/kept-work-0.json");
  copyFileSync(old, join(files.keptWork, "work.json"));
  expect(keptChoices(paths, "failed", origin.output)).toEqual({});
});

test("a newer build of the same archive deletes what failed ones have kept, and not its own", () => {
  const paths = newHome();
  const { files } = failIn(paths, "pack");
  dropRetryWork(paths, "/images/other.tar.lz4", "newer");
  dropRetryWork(paths, origin.output, "failed");
  expect(existsSync(files.keptWork)).toBe(true);
  dropRetryWork(paths, origin.output, "newer");
  expect(existsSync(files.keptWork)).toBe(false);
});

test("work that was kept earlier, without a version, is used again", () => {
  const paths = newHome();
  const { files } = failIn(paths, "guest");
  const kept = join(import.meta.dirname, "../../../tests/fixtures/kept-files/kept-work-0.json");
  copyFileSync(kept, join(files.keptWork, "work.json"));
  expect(takeRetryWork(paths, "failed", origin, newFolder(paths))).toMatchObject({
    steps: ["guest-tools", "data-cd"],
    guestMilliseconds: 1_200,
  });
});

test("what a newer Tinsmith's build has kept is neither used nor dropped, and that is said", () => {
  const paths = newHome();
  const { files } = failIn(paths, "guest");
  const file = join(files.keptWork, "work.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"version": 4', '"version": 5'));
  expect(takeRetryWork(paths, "failed", origin, newFolder(paths))).toEqual({
    steps: [],
    guestMilliseconds: 0,
    note: expect.stringMatching(
      /work.json holds a failed build's work of version 5, .*: Tinsmith builds everything again\.$/,
    ),
  });
  dropRetryWork(paths, origin.output, "newer");
  expect(existsSync(join(files.keptWork, "guest-tools"))).toBe(true);
});
