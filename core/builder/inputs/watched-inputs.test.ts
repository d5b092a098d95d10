import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makePlan } from "../../../shared/contracts/plan.ts";
import type { BuildEvent, BuildStep } from "../../../shared/session/build.ts";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { writeImage } from "../../image/test-fixtures.ts";
import { readImageSet } from "../../image-set/image-set.ts";
import { emptyIso } from "../../iso/test-iso-files.ts";
import { findPaths } from "../../storage/paths.ts";
import { judgeImage } from "../freshness/judge-image.ts";
import { rebuildSetup, rebuildWorker } from "../rebuild-images.ts";
import { runGuest } from "../run-guest.ts";

// Only the virtual machine is left out of these builds.
vi.mock("../run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));

const original = "original";
/** An archive that ends in it has the same content as without. */
const emptyFrame = Buffer.from("502a4d1800000000", "hex");

/** An image set with a setup image, and builds of its images during which things can be done. */
async function makeSet(guestTools = "{binary: tools}") {
  const home = mkdtempSync(join(tmpdir(), "watched-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: join(home, "home") });
  const folder = join(home, "small");
  mkdirSync(folder);
  const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  write("recipe.yaml", `cd: [setup.sh]\niso: {path: core.iso}\nguestTools: ${guestTools}\n`);
  write("machine.json", '{"version": 1}');
  for (const name of ["setup.sh", "tools"]) write(name, original);
  write("core.iso", emptyIso());
  write("build.sh", "#!/bin/sh\nprintf edited > setup.sh\n");
  chmodSync(join(folder, "build.sh"), 0o755);
  const set = readImageSet(folder);
  mkdirSync(join(home, "image"));
  await writeImage(join(home, "image"));
  await packArchive({ folder: join(home, "image"), target: set.setupImage });
  const notes: string[] = [];
  const sessions: string[] = [];
  const build = async (
    image: "setup" | "worker",
    during: (type: BuildEvent["type"], step: BuildStep) => void,
    retry?: string,
  ) => {
    const onEvent = (event: BuildEvent) => {
      if (event.type === "note" && event.text.includes(" changed ")) notes.push(event.text);
      if (event.type === "build-started") sessions.push(event.session);
      if ("step" in event) during(event.type, event.step);
    };
    const context = { paths, signal: new AbortController().signal, onEvent };
    const plan = makePlan({ kind: "rebuild", image, folder, ...(retry !== undefined && { retry }) });
    return await (image === "setup" ? rebuildSetup : rebuildWorker)(set, plan, context);
  };
  const stale = async (image: "setup" | "worker") => {
    return (await judgeImage(paths, set, image)).changed.map(({ name }) => name);
  };
  return { folder, set, write, build, stale, notes, sessions };
}

const nothing = () => {};
const changed = (name: string) => expect.stringMatching(`^${name} changed while the image was being built`);

test("an image is up to date after a build during which nothing changed", async () => {
  const { build, stale, notes } = await makeSet();
  for (const image of ["setup", "worker"] as const) {
    await build(image, nothing);
    expect(await stale(image)).toEqual([]);
  }
  expect(notes).toEqual([]);
});

test("an image is stale when a file was edited before it went on the data CD, and restored after", async () => {
  const { folder, build, stale, write, notes } = await makeSet(
    "{build: [./build.sh], inputs: [], binary: tools}",
  );
  let onCd = "";
  await build("worker", (type, step) => {
    if (type !== "step-finished" || step !== "data-cd") return;
    onCd = readFileSync(join(folder, "setup.sh"), "utf8");
    write("setup.sh", original);
  });
  expect(onCd).toBe("edited");
  expect(notes).toEqual([changed("setup.sh")]);
  expect(await stale("worker")).toEqual(["setup.sh"]);
});

test("an edit after the data CD and the disk were made is not in the image, and is told by it as ever", async () => {
  const { build, stale, write, notes } = await makeSet();
  vi.mocked(runGuest).mockImplementationOnce(async () => {
    write("setup.sh", "edited");
    return 1_000;
  });
  await build("worker", nothing);
  expect(notes).toEqual([]);
  expect(await stale("worker")).toEqual(["setup.sh"]);
  write("setup.sh", original);
  expect(await stale("worker")).toEqual([]);
});

test("a worker image is stale when its setup image changed while it was extracted", async () => {
  const { set, build, stale, notes } = await makeSet();
  await build("worker", (type, step) => {
    if (type === "step-started" && step === "disk") appendFileSync(set.setupImage, emptyFrame);
  });
  expect(notes).toEqual([changed("setup image")]);
  expect(await stale("worker")).toEqual(["setup image"]);
});

test("a setup image is stale when its ISO file changed while the guest ran", async () => {
  const { build, stale, write, notes } = await makeSet();
  vi.mocked(runGuest).mockImplementationOnce(async () => {
    write("core.iso", Buffer.concat([emptyIso(), Buffer.from("another one")]));
    return 1_000;
  });
  await build("setup", nothing);
  expect(notes).toEqual([changed("install ISO")]);
  expect(await stale("setup")).toEqual(["install ISO"]);
});

test("a retry does not use a data CD whose files changed while it was made", async () => {
  const { build, stale, write, notes, sessions } = await makeSet();
  vi.mocked(runGuest).mockRejectedValueOnce(new Error("the guest failed"));
  const failed = build("worker", (type, step) => {
    if (step === "data-cd") write("setup.sh", type === "step-started" ? "edited" : original);
  });
  await expect(failed).rejects.toThrow("the guest failed");
  await build("worker", nothing, sessions[0]);
  expect(notes).toContain("setup.sh changed since: Tinsmith makes again what depends on that.");
  expect(await stale("worker")).toEqual([]);
});
