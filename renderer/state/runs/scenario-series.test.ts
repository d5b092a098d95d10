import { expect, test } from "vitest";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { describeSeries, seriesOf } from "./scenario-series.ts";

const names = ["a", "b", "c"];

function summary(id: string, status: SessionSummary["status"], earlier: readonly [string, boolean][] = []) {
  return {
    ...{ id, status, title: id, kind: "run", started: 0, folder: "", asks: false, keepsGuest: false },
    ...{ canRetry: false, deletions: [], bytes: 0 },
    series: { names, earlier: earlier.map(([session, passed]) => ({ session, passed })) },
  } satisfies SessionSummary;
}

const shown = (id: string, sessions: readonly SessionSummary[]) => {
  const series = seriesOf(id, sessions);
  return series && [series.state, ...series.rows.map(({ state, session }) => `${state} ${session ?? "-"}`)];
};

test("each session of a series shows the results of those before it, and that others wait", () => {
  const first = summary("1", "succeeded");
  const second = summary("2", "running", [["1", true]]);
  for (const id of ["1", "2"])
    expect(shown(id, [second, first])).toEqual(["running", "passed 1", "running 2", "waiting -"]);
  expect(seriesOf("1", [second, first])).toMatchObject({ passed: 1, failed: 0 });
  // The next one is about to start.
  expect(shown("1", [first])).toEqual(["running", "passed 1", "waiting -", "waiting -"]);
});

test("a series has ended with its last scenario; a session that was deleted still counts", () => {
  const last = summary("3", "failed", [
    ["1", true],
    ["2", false],
  ]);
  expect(shown("3", [last])).toEqual(["ended", "passed -", "failed -", "failed 3"]);
});

test("a scenario that was stopped or met trouble on this host ends the series", () => {
  const error = { code: "no-space", message: "the disk is full" } as const;
  for (const [last, state] of [
    [summary("1", "cancelled"), "stopped 1"],
    [{ ...summary("1", "failed"), error }, "failed 1"],
    [{ ...summary("1", "succeeded"), seriesStopped: true }, "passed 1"],
  ] as const)
    expect(shown("1", [last])).toEqual(["stopped", state, "waiting -", "waiting -"]);
  const lost = { code: "guest-tools-lost", message: "silence" } as const;
  expect(shown("1", [{ ...summary("1", "failed"), error: lost }])?.[0]).toBe("running");
});

test("a series whose process was killed says so, and not that somebody has stopped it", () => {
  const killed = summary("2", "killed", [["1", true]]);
  expect(shown("2", [killed])).toEqual(["killed", "passed -", "killed 2", "waiting -"]);
  const last = summary("3", "killed", [
    ["1", true],
    ["2", false],
  ]);
  expect(shown("3", [last])).toEqual(["killed", "passed -", "failed -", "killed 3"]);
  const describe = (session: SessionSummary) => {
    const series = seriesOf(session.id, [session]);
    return series && describeSeries(series);
  };
  expect(describe(killed)).toBe("Its process was killed: 1 passed, 0 failed, 2 without a result");
  expect(describe(last)).toBe("Its process was killed: 1 passed, 1 failed, 1 without a result");
  expect(describe(summary("1", "cancelled"))).toBe("Stopped: 0 passed, 0 failed, 3 without a result");
});

test("two series are not mixed up, and a run by itself is in none", () => {
  const { series: _series, ...alone } = summary("9", "running");
  const others = [summary("1", "running"), summary("5", "cancelled"), alone];
  expect(shown("1", others)).toEqual(["running", "running 1", "waiting -", "waiting -"]);
  expect(shown("9", others)).toBeUndefined();
});
