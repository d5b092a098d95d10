import { expect, test } from "vitest";
import { type BuildEvent, initialBuildState, reduceBuild } from "../../shared/session/build.ts";
import { terminalText } from "./build-progress.ts";
import { divertMessages, printNote } from "./print.ts";

const events: readonly BuildEvent[] = [
  {
    time: 0,
    type: "build-started",
    title: "Worker image microcore",
    session: "id",
    folder: "/s/id",
    output: "/w",
  },
  { time: 0, type: "step-started", step: "guest-tools" },
  { time: 900, type: "step-finished", step: "guest-tools" },
  { time: 900, type: "step-started", step: "disk" },
  { time: 1000, type: "step-progress", step: "disk", done: 25, total: 100 },
];

test("a terminal shows each step with its time, and a bar for what moves", () => {
  const state = events.reduce(reduceBuild, initialBuildState);
  expect(terminalText(state, 1200)).toBe(
    [
      "Worker image microcore",
      "  ✓ Guest tools      0.9 s",
      "  … Disk             0.3 s  ██████░░░░░░░░░░░░░░░░░░",
    ].join("\n"),
  );
});

test("the step in which a build failed is marked", () => {
  const failed: BuildEvent = {
    time: 1500,
    type: "build-failed",
    error: { code: "no-space", message: "full" },
  };
  const state = [...events, failed].reduce(reduceBuild, initialBuildState);
  expect(terminalText(state, 9999)).toContain("  ✗ Disk             0.6 s");
});

test("the step in which a build was cancelled is no failure", () => {
  const error = { code: "interrupted", message: "interrupted" } as const;
  const cancelled: BuildEvent = { time: 1500, type: "build-failed", error };
  const state = [...events, cancelled].reduce(reduceBuild, initialBuildState);
  expect(terminalText(state, 9999)).toContain("  – Disk             0.6 s");
});

test("what is said while steps are drawn goes through what draws them, which would draw over it", () => {
  const taken: string[] = [];
  {
    using _diverted = divertMessages((text) => taken.push(text));
    printNote("Still shutting down\x1b.");
  }
  expect(taken).toEqual(["note: Still shutting down\\x1b.\n"]);
});
