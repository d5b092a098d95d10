import { isEndOfGuest } from "../../../shared/scenario/end-of-guest.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";

/** One scenario of a series. */
export interface SeriesRow {
  readonly name: string;
  readonly state: "passed" | "failed" | "running" | "stopped" | "killed" | "waiting";
  /** Its session, if that has begun and is still there. */
  readonly session?: string | undefined;
}

/** Scenarios that run one after another, and how far they have come. */
export interface SeriesState {
  readonly rows: readonly SeriesRow[];
  readonly passed: number;
  readonly failed: number;
  /** `stopped`: the scenarios that wait don't start. `killed`: nor do they, and one has no result, since its process was killed. */
  readonly state: "running" | "ended" | "stopped" | "killed";
}

/** The series that a session is a part of; undefined for any other session. */
export function seriesOf(id: string, sessions: readonly SessionSummary[]): SeriesState | undefined {
  const own = sessions.find((session) => session.id === id);
  const first = own && firstOf(own);
  if (!own || first === undefined) return undefined;
  const runs = sessions.filter((session) => firstOf(session) === first);
  // Each has the results of all before it.
  const last = runs.reduce((one, other) => (placeOf(other) > placeOf(one) ? other : one), own);
  const known = new Set(sessions.map((session) => session.id));
  const { names, earlier } = last.series ?? { names: [], earlier: [] };
  const rows = names.map((name, index): SeriesRow => {
    const run = earlier[index];
    if (run) {
      const session = known.has(run.session) ? run.session : undefined;
      return { name, session, state: run.passed ? "passed" : "failed" };
    }
    return index === earlier.length
      ? { name, session: last.id, state: stateOf(last) }
      : { name, state: "waiting" };
  });
  const count = (state: SeriesRow["state"]) => rows.filter((row) => row.state === state).length;
  return {
    rows,
    passed: count("passed"),
    failed: count("failed"),
    state: stateOfSeries(last),
  };
}

/** How far a series has come, and with which results, as a person reads it. */
export function describeSeries({ rows, passed, failed, state }: SeriesState): string {
  const results = `${passed} passed, ${failed} failed`;
  const all = `${results}, ${rows.length - passed - failed} without a result`;
  if (state === "ended") return `${rows.length} scenarios: ${results}`;
  if (state === "stopped") return `Stopped: ${all}`;
  if (state === "killed") return `Its process was killed: ${all}`;
  return `${passed + failed} of ${rows.length} scenarios have run: ${results}`;
}

/** The label of the command that stops a run: with a scenario, those that were to follow don't start. */
export function stopLabel(scenario: Pick<SessionSummary, "series"> | undefined): string {
  return scenario && hasFollowers(scenario) ? "Stop all scenarios" : "Stop run";
}

function hasFollowers({ series }: Pick<SessionSummary, "series">): boolean {
  return series !== undefined && series.earlier.length + 1 < series.names.length;
}

/** The session of a series' first scenario, which identifies the series. */
function firstOf({ id, series }: SessionSummary): string | undefined {
  return series && (series.earlier[0]?.session ?? id);
}

function placeOf({ series }: SessionSummary): number {
  return series?.earlier.length ?? 0;
}

function stateOf({ status }: SessionSummary): SeriesRow["state"] {
  if (status === "running") return "running";
  if (status === "succeeded") return "passed";
  return status === "failed" || status === "killed" ? status : "stopped";
}

function stateOfSeries(last: SessionSummary): SeriesState["state"] {
  if (last.status === "killed") return "killed";
  if (endsSeries(last)) return "stopped";
  return hasFollowers(last) || last.status === "running" ? "running" : "ended";
}

/** Whether no other scenario starts after this one, though others were to follow. */
function endsSeries(session: SessionSummary): boolean {
  const { status, error, seriesStopped = false } = session;
  if (status === "running" || !hasFollowers(session)) return false;
  const hasTrouble = status === "failed" && error !== undefined && !isEndOfGuest(error);
  return seriesStopped || hasTrouble || (status !== "succeeded" && status !== "failed");
}
