import { expect, test } from "vitest";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { findFailedBuild } from "./find-failed-build.ts";

const session = (id: string, started: number, status: SessionSummary["status"], output = "/w") =>
  ({ id, started, status, output }) as SessionSummary;

test("an image's last build is found if it has failed, and no other one is under way", () => {
  const failed = session("b", 2, "failed");
  const list = [session("c", 3, "failed", "/other"), failed, session("a", 1, "succeeded")];
  expect(findFailedBuild(list, { path: "/w" })).toBe(failed);
  expect(findFailedBuild(list, { path: "/w", building: "d" })).toBeUndefined();
  expect(findFailedBuild(list, { path: "/s" })).toBeUndefined();
});

test("a build that failed before the last one is not found, nor is one that was cancelled", () => {
  const failed = session("a", 1, "failed");
  for (const status of ["succeeded", "cancelled"] as const)
    expect(findFailedBuild([failed, session("b", 2, status)], { path: "/w" })).toBeUndefined();
});
