import { expect, test } from "vitest";
import { type BuildState, initialBuildState } from "../../shared/build.ts";
import type { ImageSet } from "../../shared/library.ts";
import { estimateLeft } from "./estimate.ts";

const record = {
  session: "s",
  finished: 0,
  milliseconds: 100,
  steps: { disk: 30, boot: 50, pack: 20 },
  inputs: [],
};
const archive = { path: "/w", size: 1, modified: 0, record };
const set: ImageSet = {
  name: "small",
  folder: "/small",
  hasIso: true,
  files: [],
  machineFile: "/set/machine.json",
  diskSize: 1,
  setup: { path: "/s", stale: [] },
  worker: { path: "/w", stale: [], archive },
};
const build: BuildState = { ...initialBuildState, title: "Worker image small", started: 1000 };

test("before the first step a build takes as long as the last one", () => {
  expect(estimateLeft(build, [set], 1000)).toBe(100);
});

test("what is done, and the part of a step that has passed, is no longer counted", () => {
  const steps = [
    { step: "disk", started: 1000, finished: 1090 },
    { step: "boot", started: 1090 },
  ] as const;
  expect(estimateLeft({ ...build, steps }, [set], 1100)).toBe(40 + 20);
});

test("a step that takes longer than the last time does not count below nothing", () => {
  const steps = [{ step: "boot", started: 1000 }] as const;
  expect(estimateLeft({ ...build, steps }, [set], 9000)).toBe(30 + 20);
});

test("the first build of its kind has no estimate", () => {
  expect(estimateLeft({ ...build, title: "Setup image small" }, [set], 1000)).toBeUndefined();
  expect(estimateLeft({ ...build, title: "Worker image other" }, [set], 1000)).toBeUndefined();
});
