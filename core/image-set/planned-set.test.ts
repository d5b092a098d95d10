import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makePlan, type PlanInput } from "../../shared/contracts/plan.ts";
import { readPlannedSet } from "./planned-set.ts";

function makeSet() {
  const home = mkdtempSync(join(tmpdir(), "planned-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const folder = join(home, "small");
  mkdirSync(folder);
  writeFileSync(join(folder, "recipe.yaml"), "guestTools: {binary: tools}\n");
  type Choices = Partial<Extract<PlanInput, { kind: "rebuild" }>>;
  const read = (image: "setup" | "worker", choices: Choices = {}) =>
    readPlannedSet(makePlan({ kind: "rebuild", image, folder, ...choices }));
  return { home, folder, read };
}

test("without choices it is the image set as its recipe says", () => {
  const { folder, read } = makeSet();
  expect(read("worker")).toMatchObject({
    setupImage: join(folder, "small-setup.tar.lz4"),
    workerImage: join(folder, "small-worker.tar.lz4"),
    recipe: { guestTools: { binary: "tools" } },
  });
});

test("a plan chooses the archive that it writes, the setup image that it starts from, and the guest tools", () => {
  const { folder, read } = makeSet();
  const [output, setupImage] = [join(folder, "matrix/a.tar.lz4"), join(folder, "matrix/setup/b.tar.lz4")];
  expect(read("setup", { output })).toMatchObject({
    setupImage: output,
    workerImage: join(folder, "small-worker.tar.lz4"),
  });
  const guestTools = { binary: join(folder, "matrix/tools"), run: ["-v"] };
  expect(read("worker", { output, setupImage, guestTools })).toMatchObject({
    ...{ setupImage, workerImage: output },
    recipe: { guestTools: { binary: "matrix/tools", run: ["-v"] } },
  });
});

test("one file can't be both archives", () => {
  const { folder, read } = makeSet();
  const output = join(folder, "small-setup.tar.lz4");
  writeFileSync(output, "setup");
  expect(() => read("worker", { output })).toThrow("are the same file");
});
