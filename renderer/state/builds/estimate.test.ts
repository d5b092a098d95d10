import { expect, test } from "vitest";
import type { ImageSet } from "../../../shared/library/library.ts";
import { type BuildState, initialBuildState } from "../../../shared/session/build.ts";
import { estimate } from "./estimate.ts";

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
  hasSteps: true,
  files: [],
  scenarios: [],
  stepsFiles: [],
  machineFile: "/set/machine.json",
  diskSize: 1,
  setup: { path: "/s", stale: [] },
  worker: { path: "/w", stale: [], archive },
};
const build: BuildState = { ...initialBuildState, output: "/w", started: 1000 };

test("before the first step a build takes as long as the last one", () => {
  expect(estimate(build, [set], 1000)).toEqual({
    left: 100,
    fraction: 0,
    ahead: [
      ["disk", 30],
      ["boot", 50],
      ["pack", 20],
    ],
    isOverdue: false,
  });
});

test("what is done, and the part of a step that has passed, is no longer counted", () => {
  const steps = [
    { step: "disk", started: 1000, finished: 1090 },
    { step: "boot", started: 1090 },
  ] as const;
  expect(estimate({ ...build, steps }, [set], 1100)).toEqual({
    left: 40 + 20,
    fraction: 100 / 160,
    ahead: [["pack", 20]],
    isOverdue: false,
  });
});

test("a step that takes longer than the last time does not count below nothing", () => {
  const steps = [{ step: "boot", started: 1000 }] as const;
  expect(estimate({ ...build, steps }, [set], 9000)?.left).toBe(30 + 20);
});

test("the first build of its kind has no estimate", () => {
  expect(estimate({ ...build, output: "/s" }, [set], 1000)).toBeUndefined();
  expect(estimate({ ...build, output: "/other" }, [set], 1000)).toBeUndefined();
});

test("a step that takes clearly longer than the last time is overdue until it is done", () => {
  const boot = { step: "boot", started: 1000 } as const;
  const isOverdue = (steps: BuildState["steps"]) => estimate({ ...build, steps }, [set], 9000)?.isOverdue;
  expect(isOverdue([boot])).toBe(true);
  expect(isOverdue([{ ...boot, started: 8000 }])).toBe(false);
  expect(isOverdue([{ ...boot, finished: 8990 }])).toBe(false);
});

test("an installation by hand has no estimate", () => {
  expect(estimate({ ...build, isByHand: true }, [set], 1000)).toBeUndefined();
});
