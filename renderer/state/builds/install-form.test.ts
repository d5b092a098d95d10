import { expect, test } from "vitest";
import type { IsoFacts } from "../../../shared/library/iso-facts.ts";
import type { ImageSet } from "../../../shared/library/library.ts";
import { filledIn, type InstallForm, installOptions, recallInstall } from "./install-form.ts";

const stepsFiles: ImageSet["stepsFiles"] = [{ path: "/set/a.steps.yaml" }];
const set = { folder: "/set", diskSize: 4, hasIso: true, stepsFiles } as ImageSet;
const form: InstallForm = {
  source: "file",
  path: "/debian.iso",
  ...{ url: "", sha256: "", bootEntry: "", machine: "/set/machine.json" },
};
const factsWith = (size: number, memory: number, titles: readonly string[] = []) =>
  ({
    distribution: { name: "Debian", suggested: { size, memory } },
    entries: titles.map((title) => ({ title })),
  }) as IsoFacts;

test.each([
  ["no ISO", undefined, "4", ""],
  ["a small system", factsWith(1, 512), "4", ""],
  ["a large system", factsWith(20, 4096), "20", "4096"],
])("of %s, disk and memory are those that the recipe has, or more", (_what, facts, size, memory) => {
  expect(filledIn(set, form, facts)).toEqual({ size, memory });
});

test("a size and a memory that were typed stay, also empty ones", () => {
  expect(filledIn(set, { ...form, size: "8", memory: "" }, factsWith(20, 4096))).toEqual({
    size: "8",
    memory: "",
  });
});

test("a boot entry is chosen while the ISO's are not known, or if it is one of them, and only for a file", () => {
  const chosen = { ...form, bootEntry: "Install" };
  expect(installOptions(set, chosen, undefined)).toMatchObject({ bootEntry: "Install" });
  expect(installOptions(set, chosen, factsWith(1, 1, ["Install"]))).toMatchObject({ bootEntry: "Install" });
  for (const options of [
    installOptions(set, chosen, factsWith(1, 1, ["Other"])),
    installOptions(set, { ...chosen, source: "recipe" }, undefined),
    installOptions(set, form, factsWith(1, 1, ["Install"])),
  ])
    expect(options).not.toHaveProperty("bootEntry");
});

test("a recipe without an ISO has its boot entry chosen, and the CD can be chosen in its place", () => {
  const withEntry = { ...set, hasIso: false, bootEntry: "1" } as ImageSet;
  expect(recallInstall(withEntry, undefined)).toMatchObject({ source: "file", bootEntry: "1" });
  const facts = factsWith(1, 1, ["Install"]);
  expect(installOptions(withEntry, { ...form, bootEntry: "1" }, facts)).toMatchObject({ bootEntry: "1" });
  expect(installOptions(withEntry, form, facts)).toMatchObject({ bootEntry: null });
});

test("steps of a file that is there install, and not a person", () => {
  const chosen = (steps: string) => installOptions(set, { ...form, steps }, undefined).steps;
  expect(chosen("/set/a.steps.yaml")).toBe("/set/a.steps.yaml");
  expect(chosen("/set/gone.steps.yaml")).toBeUndefined();
});
