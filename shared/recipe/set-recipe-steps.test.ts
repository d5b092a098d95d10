import { expect, test } from "vitest";
import { parseRecipe } from "./recipe.ts";
import { setRecipeSteps } from "./set-recipe-steps.ts";

const folder = "/images/box";
const steps = `${folder}/recorded.steps.yaml`;

const recipe = `# A box.
size: 1 # GiB
install:
  # The boot menu.
  - wait: "boot:"
  - { type: linux, }
# The end of the log.
done: "setup: done"
`;

test("a recipe names the steps file in place of its own steps; all else stays", () => {
  expect(setRecipeSteps(recipe, { folder, steps, choices: {} })).toBe(`# A box.
size: 1 # GiB
# The end of the log.
done: "setup: done"
steps: recorded.steps.yaml
`);
});

test("a recipe gets the choices with which the steps were recorded, where they differ from its own", () => {
  const choices = {
    iso: { path: "/isos/box.iso" },
    ...{ size: 4, machine: `${folder}/machine.json`, bootEntry: "Install" },
  };
  expect(setRecipeSteps(recipe, { folder, steps, choices })).toBe(`# A box.
size: 4 # GiB
# The end of the log.
done: "setup: done"
steps: recorded.steps.yaml
iso: { path: /isos/box.iso }
bootEntry: Install
`);
  const other = setRecipeSteps("", {
    folder,
    steps: "/steps/a.yaml",
    choices: { machine: "/machines/b.json" },
  });
  expect(other).toBe("steps: /steps/a.yaml\nmachine: /machines/b.json\n");
});

test("another ISO takes the place of the recipe's, whose boot entry it does not have", () => {
  const text = `iso:
  # The old one.
  url: https://example.org/a.iso
  sha256: ${"a".repeat(64)}

# Graphical.
bootEntry: "2" # With a serial console.
cd: [setup.sh]`;
  expect(setRecipeSteps(text, { folder, steps, choices: { iso: { path: `${folder}/b.iso` } } })).toBe(
    `iso: { path: b.iso }

# Graphical.
cd: [setup.sh]
steps: recorded.steps.yaml
`,
  );
  expect(setRecipeSteps(text, { folder, steps, choices: {} })).toContain('bootEntry: "2" # With');
});

test("other steps take the place of a steps file that the recipe names", () => {
  const text = "steps: old.steps.yaml # Recorded.\ncd: []\n";
  expect(setRecipeSteps(text, { folder, steps, choices: {} })).toBe(
    "steps: recorded.steps.yaml # Recorded.\ncd: []\n",
  );
});

test("a recipe in braces, and one of comments alone, name the steps file, too", () => {
  for (const text of ["{ size: 2, install: [{ type: a }] }\n", "# Nothing yet.\n", "size: 2\r\n"])
    expect(parseRecipe(setRecipeSteps(text, { folder, steps, choices: {} }))).toMatchObject({
      ...{ install: [], steps: "recorded.steps.yaml" },
    });
});

test("a recipe that can't be read is not changed", () => {
  expect(() => setRecipeSteps("size: x\n", { folder, steps, choices: {} })).toThrow(
    `${folder}/recipe.yaml is not a valid recipe`,
  );
  // The rest of the recipe needs what the steps are called.
  const anchored = "install: &all [{ type: a }]\nvariables: { A: *all }\n";
  expect(() => setRecipeSteps(anchored, { folder, steps, choices: {} })).toThrow("is not a valid recipe");
});
