import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import { changeInstallStep } from "./change-install-step.ts";
import { readImageSet } from "./image-set.ts";
import { withSteps } from "./steps-file.ts";

const recipe = `# Installs a box.
console: screen # It has no serial port.
install:
  # The boot menu.
  - wait: "boot:"
  - { type: linux, }
  - wait: { match: "login: $" }
    timeout: 300
done: "setup: done"
`;

function recipeFile(text = recipe): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-step-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "recipe.yaml");
  writeFileSync(path, text);
  return path;
}

function changeStep(path: string, index: number, before: InstallStep, step: InstallStep): Promise<void> {
  return changeInstallStep(path, { index, before, step, folder: dirname(path) });
}

test("a changed step replaces the one in the recipe; all else stays", async () => {
  const path = recipeFile();
  await changeStep(path, 0, { wait: "boot:" }, { wait: { match: "[Bb]oot:" }, timeout: 10 });
  expect(readFileSync(path, "utf8")).toBe(`# Installs a box.
console: screen # It has no serial port.
install:
  # The boot menu.
  - { wait: { match: "[Bb]oot:" }, timeout: 10 }
  - { type: linux, }
  - wait: { match: "login: $" }
    timeout: 300
done: "setup: done"
`);
});

test("a step of several lines is replaced as a whole", async () => {
  const path = recipeFile();
  await changeStep(path, 2, { wait: { match: "login: $" }, timeout: 300 }, { wait: "login:" });
  expect(readFileSync(path, "utf8")).toBe(
    recipe.replace('- wait: { match: "login: $" }\n    timeout: 300', '- { wait: "login:" }'),
  );
});

test("a recipe that has another step there by now is left as it is", async () => {
  const path = recipeFile();
  await expect(changeStep(path, 1, { type: "linux quiet" }, { type: "linux" })).rejects.toMatchObject({
    code: "file-changed",
    message: `${path} has another install step 2 than the one that is being done`,
  });
  expect(readFileSync(path, "utf8")).toBe(recipe);
});

test("steps of a file in another folder have paths from there, and are changed with paths from the recipe's folder", async () => {
  const folder = dirname(recipeFile());
  mkdirSync(join(folder, "recorded"));
  const path = join(folder, "recorded/a.steps.yaml");
  writeFileSync(
    path,
    "install: [{ insert: second.iso }, { region: ./ok.png }, { insert: /isos/third.iso }]\n",
  );
  const { recipe: read } = withSteps(readImageSet(folder), path);
  const steps: readonly InstallStep[] = [
    { insert: "recorded/other.iso" },
    { region: "pictures/ok.png", tolerance: 0.1 },
    { insert: "/isos/fourth.iso" },
  ];
  for (const [index, step] of steps.entries())
    await changeInstallStep(path, { index, before: read.install[index] ?? {}, step, folder });
  expect(readFileSync(path, "utf8")).toBe(
    "install: [{ insert: other.iso }, { region: ../pictures/ok.png, tolerance: 0.1 }, { insert: /isos/fourth.iso }]\n",
  );
  expect(withSteps(readImageSet(folder), path).recipe.install).toEqual(steps);
});

test("a path that is not in its shortest form is found in the recipe", async () => {
  const path = recipeFile("install: [{ insert: ./a/../b.iso }]\n");
  await changeStep(path, 0, { insert: "./a/../b.iso" }, { insert: "./c.iso" });
  expect(readFileSync(path, "utf8")).toBe("install: [{ insert: ./c.iso }]\n");
});
