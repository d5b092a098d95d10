import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makePlan } from "../../shared/contracts/plan.ts";
import type { BuildEvent } from "../../shared/session/build.ts";
import { runLastActs } from "../async/process-end.ts";
import { digestText } from "../files/digest.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { syncFolder } from "../files/writing/replace-file.ts";
import { packArchive } from "../image/archive/pack-archive.ts";
import { writeImage } from "../image/test-fixtures.ts";
import { readImageSet } from "../image-set/image-set.ts";
import { emptyIso } from "../iso/test-iso-files.ts";
import { warnOfStranger } from "../storage/known-images.ts";
import { findPaths, sessionPaths } from "../storage/paths.ts";
import { recallBuild, rememberBuild } from "./freshness/build-records.ts";
import { buildInputs } from "./inputs/build-inputs.ts";
import type { SetupChoices } from "./inputs/setup-choices.ts";
import { rebuildSetup, rebuildWorker } from "./rebuild-images.ts";
import { keepRetryWork, workFiles } from "./retry/retry-work.ts";

vi.mock(import("../files/writing/replace-file.ts"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, syncFolder: vi.fn(original.syncFolder) };
});

/** An image set without images, whose recipe names no ISO, and guest tools that are built already. */
function makeSet() {
  const home = mkdtempSync(join(tmpdir(), "rebuild-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: join(home, "home") });
  const folder = join(home, "small");
  mkdirSync(folder);
  writeFileSync(join(folder, "recipe.yaml"), "guestTools: {binary: tools}");
  writeFileSync(join(folder, "tools"), "guest tools");
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  writeFileSync(join(folder, "core.iso"), emptyIso());
  const events: BuildEvent[] = [];
  const context = {
    paths,
    signal: new AbortController().signal,
    onEvent: (event: BuildEvent) => events.push(event),
  };
  const set = readImageSet(folder);
  const plan = (choices: SetupChoices & { retry?: string; trusted?: string[] | undefined }) =>
    makePlan({ kind: "rebuild", image: "setup", folder, timeout: 1, ...choices });
  return { paths, folder, set, context, events, plan };
}

/** Leaves what a session keeps that was to build the setup image, and could not pack it. */
async function failToPack({ paths, set }: ReturnType<typeof makeSet>, choices: SetupChoices): Promise<void> {
  const files = sessionPaths(paths, "failed");
  makePrivateFolder(paths.sessions);
  mkdirSync(join(files.working, workFiles.image), { recursive: true });
  await writeImage(join(files.working, workFiles.image));
  const inputs = await buildInputs(set, "setup", { choices });
  const steps = [
    { step: "guest", started: 1, finished: 2 },
    { step: "pack", started: 2 },
  ] as const;
  keepRetryWork(files, { output: set.setupImage, inputs, choices }, { steps }, 1_000);
}

test.each([
  ["without steps, a person is to install it", {}, /by hand/],
  [
    "with the steps of a file, an ISO is to be named",
    { steps: "/mine.steps.yaml" },
    /--boot ISO, or under iso/,
  ],
])("a recipe that names no ISO: %s", async (_, choices, advice) => {
  const { set, plan, context } = makeSet();
  await expect(rebuildSetup(set, plan(choices), context)).rejects.toMatchObject({
    message: "the recipe of the image set small names no ISO to install a setup image from",
    advice: expect.stringMatching(advice),
  });
});

test("a retry packs the disk that was kept, with what the failed build had chosen", async () => {
  const made = makeSet();
  const choices = { iso: { path: join(made.folder, "core.iso") }, size: 4, byHand: true };
  await failToPack(made, choices);
  const { path } = await rebuildSetup(made.set, made.plan({ retry: "failed" }), made.context);
  expect(made.events).toContainEqual(expect.objectContaining({ type: "step-reused", step: "guest" }));
  const names = recallBuild(made.paths, path)?.record.inputs.map(({ name }) => name);
  expect(names).toContain("disk size (4 GiB was chosen)");
});

test("a forced stop just after the archive has got its name leaves a build that has succeeded", async () => {
  const made = makeSet();
  const { paths, set, context, events } = made;
  await failToPack(made, { iso: { path: join(made.folder, "core.iso") } });
  const stopped = Promise.withResolvers<BuildEvent | undefined>();
  vi.mocked(syncFolder).mockImplementationOnce(() => {
    // A signal that came meanwhile is taken when the file's folder is on the disk.
    setImmediate(() => {
      runLastActs();
      stopped.resolve(events.at(-1));
    });
  });
  const building = rebuildSetup(set, made.plan({ retry: "failed" }), context);
  const end = await stopped.promise;
  const { digest = "none", record } = recallBuild(paths, set.setupImage) ?? {};
  expect(end).toMatchObject({ type: "build-finished", result: { digest } });
  expect(record?.steps).toHaveProperty("pack");
  expect(warnOfStranger(paths, set.setupImage, digest)).toBeUndefined();
  // Here, the process continues.
  await building.catch(() => {});
});

test("a retry with another size is refused, and what was kept stays", async () => {
  const made = makeSet();
  const iso = { path: join(made.folder, "core.iso") };
  await failToPack(made, { iso, size: 4 });
  for (const options of [{ size: 8 }, { byHand: true }, { machine: join(made.folder, "other.json") }])
    await expect(
      rebuildSetup(made.set, made.plan({ retry: "failed", ...options }), made.context),
    ).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("had another --") });
  await rebuildSetup(made.set, made.plan({ retry: "failed", size: 4 }), made.context);
});

test("options for the setup image are refused when it exists and was built otherwise", async () => {
  const { set, plan, context, paths } = makeSet();
  writeFileSync(set.setupImage, "an image");
  const inputs = [...(await buildInputs(set, "setup"))];
  const record = { session: "s1", finished: 1, milliseconds: 1, steps: {}, inputs };
  rememberBuild(paths, set.setupImage, digestText("an image"), record);
  // It was only touched.
  utimesSync(set.setupImage, 1, 1);
  await expect(rebuildWorker(set, plan({ size: 4 }), context)).rejects.toMatchObject({
    code: "usage",
    message: `--size applies to the setup image, and ${set.setupImage} was built without it`,
  });
  // A choice equal to the recipe's is not another choice: here the build continues, and finds that this is not an
  // image.
  await expect(rebuildWorker(set, plan({ size: 1 }), context)).rejects.not.toMatchObject({ code: "usage" });
});

/** Leaves a setup image that was not made here. @returns its digest */
async function importSetup({ folder, set }: ReturnType<typeof makeSet>): Promise<string> {
  const image = join(folder, "image");
  mkdirSync(image);
  await writeImage(image);
  const { digest } = await packArchive({ folder: image, target: set.setupImage });
  return digest;
}

const booting = expect.objectContaining({ type: "step-started", step: "boot" });

test.each([[[]], [["0".repeat(64)]]])(
  "a session boots no setup image that was not made here, while the digests that were accepted are %j",
  async (trusted) => {
    const made = makeSet();
    await importSetup(made);
    const building = rebuildWorker(made.set, made.plan({ trusted }), made.context);
    await expect(building).rejects.toMatchObject({ code: "not-trusted" });
    expect(made.events).not.toContainEqual(booting);
  },
);

test("a session boots a setup image that was accepted, and any other where nobody is asked, with a warning", async () => {
  const made = makeSet();
  const digest = await importSetup(made);
  for (const trusted of [[digest], undefined]) {
    made.events.length = 0;
    // The guest never powers off.
    const building = rebuildWorker(made.set, made.plan({ trusted }), made.context);
    await expect(building).rejects.toMatchObject({ code: "timed-out" });
    const text = expect.stringContaining(`${made.set.setupImage} was not made here`);
    expect(made.events).toContainEqual(expect.objectContaining({ type: "note", text }));
    expect(made.events).toContainEqual(booting);
  }
});

test("a rebuild boots the setup image that it has built, though the list of known images can't take it", async () => {
  const made = makeSet();
  await failToPack(made, { iso: { path: join(made.folder, "core.iso") } });
  writeFileSync(made.paths.knownImages, "version 2\n");
  const building = rebuildWorker(made.set, made.plan({ retry: "failed", trusted: [] }), made.context);
  await expect(building).rejects.toMatchObject({ code: "timed-out" });
  expect(made.events).toContainEqual(booting);
});
