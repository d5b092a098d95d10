import { expect, test } from "vitest";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { afterClick, findSessions, runningFirst } from "./session-list.ts";

const session = (id: string, more: Partial<SessionSummary> = {}): SessionSummary => ({
  id,
  title: "Run of microcore-worker",
  kind: "run",
  started: 0,
  status: "succeeded",
  asks: false,
  keepsGuest: false,
  canRetry: false,
  deletions: [],
  folder: `/sessions/${id}`,
  bytes: 0,
  ...more,
});
const ids = (all: readonly SessionSummary[]) => all.map(({ id }) => id);

test("sessions that run stand first, and all others stay in their order", () => {
  const all = [
    session("d"),
    session("c", { status: "running" }),
    session("b"),
    session("a", { status: "running" }),
  ];
  expect(ids(runningFirst(all))).toEqual(["c", "a", "d", "b"]);
});

test("a search finds the command, the image, the state and the error, by all its words", () => {
  const all = [
    session("a", { command: ["sh", "-c", "make test"], image: "/images/tinycore/worker.tar.lz4" }),
    session("b", { status: "failed", error: { code: "timed-out", message: "the time was up" } }),
  ];
  expect(ids(findSessions(all, " Make  TINY "))).toEqual(["a"]);
  expect(ids(findSessions(all, "failed time"))).toEqual(["b"]);
  expect(ids(findSessions(all, ""))).toEqual(["a", "b"]);
  expect(ids(findSessions(all, "nothing"))).toEqual([]);
});

test("a click selects one or lets go of it; with Shift, all from the last one", () => {
  const list = ["a", "b", "c", "d"];
  expect([...afterClick(list, new Set(), { id: "b" })]).toEqual(["b"]);
  expect([...afterClick(list, new Set(["b", "c"]), { id: "b" })]).toEqual(["c"]);
  expect([...afterClick(list, new Set(["d"]), { id: "b", from: "d" })]).toEqual(["d", "b", "c"]);
  expect([...afterClick(list, new Set(), { id: "b", from: "gone" })]).toEqual(["b"]);
});
