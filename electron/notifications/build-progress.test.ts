import { expect, test } from "vitest";
import type { ImageSet } from "../../shared/library/library.ts";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import { progressOf } from "./build-progress.ts";

const build = (output: string, started: number, status: SessionSummary["status"] = "running") =>
  ({ id: output, kind: "build", output, started, status }) as SessionSummary;

/** A set whose worker image took so long the last time. */
const set = (path: string, milliseconds?: number) =>
  ({
    folder: "/set",
    setup: { path: `${path}-setup` },
    worker: { path, ...(milliseconds && { archive: { path, record: { milliseconds } } }) },
  }) as ImageSet;

test("there is none while nothing is built", () => {
  expect(progressOf([], [], 0)).toBe("none");
  expect(progressOf([build("a", 0, "succeeded")], [set("a", 100)], 50)).toBe("none");
});

test("a build is as far as the last one of the same image was after that time", () => {
  expect(progressOf([build("a", 1_000)], [set("a", 10_000)], 6_000)).toBe(0.5);
});

test("one that takes longer is nearly done", () => {
  expect(progressOf([build("a", 0)], [set("a", 10)], 60_000)).toBe(0.98);
});

test("several are as far as they are on average", () => {
  const builds = [build("a", 0), build("b", 500)];
  expect(progressOf(builds, [set("a", 1_000), set("b", 1_000)], 750)).toBe(0.5);
});

test("nobody knows how far a first build is", () => {
  expect(progressOf([build("a", 0), build("b", 0)], [set("a", 1_000), set("b")], 500)).toBe("unknown");
});
