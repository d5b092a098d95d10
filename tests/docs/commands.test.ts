import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { writeImage } from "../../core/image/test-fixtures.ts";
import { tinsmithProgram } from "../guest/tinsmith.ts";
import { findSections, needsGuest, type Section, takesLong } from "./command-blocks.ts";
import { makeWorkplace } from "./make-workplace.ts";
import { readPages } from "./pages.ts";
import { runSection } from "./run-section.ts";

// Runs the commands of the pages as they are shown, in a folder that looks like a checkout; tests/guest/pages.test.ts
// runs those that need a guest, and tests/protocol/pages.test.ts those that take long.

const sections = readPages().flatMap(findSections);
const blocks = sections.flatMap((section) => section.blocks);

/** Why blocks may not be run; a block that is not run for another reason ends the last test. */
const accepted = [
  "tests/package/release.test.ts runs it",
  "it changes the records of the formats",
  "tests/package makes them, with a stand-in if Electron is not available",
  "it installs Debian packages",
  "it takes an ISO that is not in this repository",
  "it installs packages that are not wanted",
  "it asks a person",
  "it is typed in the guest",
  "it needs a debugger in the guest",
  "tests/guest/build-images.ts runs it",
  "tests/guest/more/checkpoints-kept.test.ts runs it",
  "tests/guest/more/matrix.test.ts runs it",
  "tests/remote/matrix-over-ssh.test.ts runs it",
  "tests/remote/matrix-on-slurm.test.ts runs it",
  "tests/guest/more/verify.test.ts runs it",
  "tests/guest/rebuild.test.ts runs it",
  "tests/guest/run.test.ts runs it",
  "cli/commands/sessions/compare.test.ts runs it",
  "tests/remote/registry.test.ts runs it",
  "tests/shell/start.spec.ts runs it",
  "tests/guest/more/watch.test.ts runs it",
  "docs/cli.md shows it with its output",
  "it deletes what the next build needs",
  "tests/protocol/scenarios.test.ts runs it",
];

const places: ReturnType<typeof makeWorkplace>[] = [];
afterAll(() => {
  for (const { folder } of places) rmSync(folder, { recursive: true });
});

/** A workplace with an image that is whole, but boots nothing. */
async function workplaceWithImage() {
  const workplace = makeWorkplace();
  places.push(workplace);
  const { folder, workshop } = workplace;
  const image = join(folder, "sample");
  mkdirSync(image);
  await writeImage(image);
  await execa(tinsmithProgram, ["pack", image, workshop.workerImage], { env: workplace.env });
  return workplace;
}

const isRun = (section: Section) =>
  !needsGuest(section) && !takesLong(section) && section.blocks.some(({ plan }) => plan.kind === "run");
const ran = sections.filter(isRun).map((section) => ({ name: `${section.page}, ${section.title}`, section }));

test.concurrent.each(ran)(
  "$name: its commands do what it shows",
  async ({ section }) => {
    await runSection(section, await workplaceWithImage());
  },
  300_000,
);

const reasons = blocks.flatMap(({ place, plan }) =>
  plan.kind === "not-run" ? [{ place, reason: plan.reason }] : [],
);

test(`${reasons.length} of ${blocks.length} blocks are not run, for reasons that are known`, () => {
  expect(reasons.filter(({ reason }) => !accepted.includes(reason))).toEqual([]);
  const used = new Set(reasons.map(({ reason }) => reason));
  expect(
    accepted.filter((reason) => !used.has(reason)),
    "reasons that no block has",
  ).toEqual([]);
});
