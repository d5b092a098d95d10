import { expect, test } from "vitest";
import type { ImageSet } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { findEndedBuilds } from "./find-ended-builds.ts";

const sets = [
  { setup: { path: "/set/setup" }, worker: { path: "/set/worker" } },
] as unknown as readonly ImageSet[];

function session(id: string, change: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id,
    title: id,
    kind: "build",
    started: 1,
    status: "failed",
    asks: false,
    keepsGuest: false,
    output: "/set/worker",
    canRetry: true,
    deletions: [],
    folder: "/sessions",
    bytes: 0,
    ...change,
  };
}

const idsOf = (sessions: readonly SessionSummary[], ...ids: string[]) =>
  findEndedBuilds(ids, sessions, sets).map(({ id }) => id);

test("builds that were cancelled with the app or killed with it are found; other sessions are not", () => {
  const sessions = [
    session("cancelled"),
    session("killed", { status: "killed", output: "/set/setup" }),
    session("finished", { status: "succeeded", output: "/elsewhere" }),
    session("run", { kind: "run", output: undefined }),
    session("of no set", { output: "/elsewhere" }),
  ];
  expect(idsOf(sessions, "cancelled", "killed", "finished", "run", "of no set", "deleted")).toEqual([
    "cancelled",
    "killed",
  ]);
  expect(idsOf(sessions, "killed")).toEqual(["killed"]);
});

test("a build is not found once a later one of the same image has begun", () => {
  const sessions = [session("later", { started: 2, status: "running" }), session("cancelled")];
  expect(idsOf(sessions, "cancelled")).toEqual([]);
});
