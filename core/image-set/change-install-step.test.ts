import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changeInstallStep } from "./change-install-step.ts";

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

test("a changed step replaces the one in the recipe; all else stays", async () => {
  const path = recipeFile();
  await changeInstallStep(path, 0, { wait: "boot:" }, { wait: { match: "[Bb]oot:" }, timeout: 10 });
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
  await changeInstallStep(path, 2, { wait: { match: "login: $" }, timeout: 300 }, { wait: "login:" });
  expect(readFileSync(path, "utf8")).toBe(
    recipe.replace('- wait: { match: "login: $" }\n    timeout: 300', '- { wait: "login:" }'),
  );
});

test("a recipe that has another step there by now is left as it is", async () => {
  const path = recipeFile();
  await expect(changeInstallStep(path, 1, { type: "linux quiet" }, { type: "linux" })).rejects.toMatchObject({
    code: "file-changed",
    message: `${path} has another install step 2 than the one that is being done`,
  });
  expect(readFileSync(path, "utf8")).toBe(recipe);
});
