import { expect, test } from "vitest";
import { byHandInput, describeInstaller, stepsInput } from "./installed-by.ts";

const choice = (name: string) => ({ kind: "choice", name, change: "gone" }) as const;
const size = choice("disk size (4 GiB was chosen)");
const steps = choice(stepsInput("mine (2).steps.yaml"));

test("an image that differs only in choices tells who installed it", () => {
  expect(describeInstaller([choice(byHandInput), size])).toBe("Installed by hand");
  expect(describeInstaller([size, steps])).toBe("Installed by mine (2).steps.yaml");
});

test("an image of changed files, and one of other choices, does not", () => {
  expect(
    describeInstaller([steps, { kind: "recipe", name: "recipe.yaml", change: "changed" }]),
  ).toBeUndefined();
  expect(describeInstaller([size])).toBeUndefined();
  expect(describeInstaller([])).toBeUndefined();
});
