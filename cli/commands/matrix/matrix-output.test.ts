import { expect, test } from "vitest";
import {
  applyMatrixEvent,
  initialMatrixState,
  type MatrixEvent,
} from "../../../shared/matrix/matrix-state.ts";
import { describeSummary, lineOf, tableOf } from "./matrix-output.ts";

type Untimed = MatrixEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, "time">
    : never
  : never;

function makeMatrix(...units: string[]) {
  const state = initialMatrixState();
  const told = new Map<string, string>();
  const lines: string[] = [];
  const add = (time: number, event: Untimed) => {
    const timed = { ...event, time } as MatrixEvent;
    applyMatrixEvent(state, timed);
    lines.push(lineOf(timed, state, { told, isLive: false }) ?? "");
  };
  add(0, {
    type: "matrix-started",
    matrix: "/set/recipe.yaml",
    units: units.map((unit) => ({ unit, kind: "cell" })),
  });
  return { state, add, said: () => lines.filter(Boolean) };
}

const archive = { path: "/set/matrix/a.tar.lz4", size: 12_400_000, digest: "52be" };
const error = {
  code: "build-failed",
  message: "the guest failed",
  advice: "See its log.",
  details: ["last line"],
} as const;

test("plain lines tell what begins, what a cell waits for, and how it ends", () => {
  const { add, said } = makeMatrix("small/a", "small/b");
  add(0, { type: "unit-started", unit: "small/a" });
  add(0, { type: "unit-session", unit: "small/a", session: "s1" });
  add(0, { type: "unit-waits", unit: "small/b", reason: "memory: 768 MiB are needed, 100 MiB are free" });
  add(1, { type: "unit-waits", unit: "small/b", reason: "memory: 768 MiB are needed, 120 MiB are free" });
  add(12_300, { type: "unit-ended", unit: "small/a", result: "succeeded", archive });
  add(12_300, { type: "unit-ended", unit: "small/b", result: "failed", error });
  expect(said()).toEqual([
    "/set/recipe.yaml: 2 cells",
    "small/a: started (session s1)",
    "small/b: waits for memory: 768 MiB are needed, 100 MiB are free",
    "✓ small/a: built in 12.3 s",
    "✗ small/b: failed: the guest failed",
  ]);
});

test("the table has what runs, what waits, and the time that is left, and never more rows than the terminal", () => {
  const { state, add } = makeMatrix("small/a", "small/b", "small/c", "small/d", "small/e");
  add(0, { type: "unit-ended", unit: "small/a", result: "up-to-date", archive });
  add(0, { type: "unit-started", unit: "small/c", expected: 30_000 });
  add(0, { type: "unit-step", unit: "small/c", step: "boot" });
  add(0, { type: "unit-waits", unit: "small/b", reason: "the end of the build before it" });
  expect(tableOf(state, 10_000, 6)).toBe(
    [
      "  small/c  Boot            10.0 s  about 20.0 s left",
      "  small/b  waits for the end of the build before it",
      "  and 2 more",
      "1 of 5 done, 1 running, about 1 min 50 s left (p: pause, q: cancel)",
    ].join("\n"),
  );
  add(0, { type: "matrix-paused", isPaused: true });
  expect(tableOf(state, 10_000, 24).split("\n").at(-1)).toContain("left, paused (p: resume, q: cancel)");
});

test("the summary has the archives, each failure with its evidence, and what to do", () => {
  const { state, add } = makeMatrix("small/a", "small/b");
  add(0, { type: "unit-ended", unit: "small/a", result: "succeeded", archive });
  add(0, { type: "unit-session", unit: "small/b", session: "s2" });
  add(0, { type: "unit-ended", unit: "small/b", result: "failed", error });
  expect(describeSummary(state)).toBe(`/set/matrix/a.tar.lz4: 12.4 MB, sha256 52be
small/b: failed: the guest failed (session s2)
  last line
  See its log.
2 cells: 1 built, 0 up to date, 1 failed
Build these again with tinsmith matrix --failed.
`);
});
