import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { sessions } from "../../state/connection/app-state.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { describeSeries, type SeriesRow, seriesOf } from "../../state/runs/scenario-series.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import "./run-series.css";

const marks: Readonly<Record<SeriesRow["state"], readonly [state: StateName, label: string]>> = {
  passed: ["good", "Passed"],
  failed: ["bad", "Failed"],
  running: ["busy", "Running"],
  stopped: ["cancelled", "Stopped"],
  killed: ["warn", "Its process was killed"],
  waiting: ["none", "Not started"],
};

/** The scenarios that run before and after a session's, with their results; nothing for a run by itself. */
export function RunSeries({ session }: { readonly session: string }) {
  const list = useStore(sessions, ({ value }) => value) ?? [];
  const series = seriesOf(session, list);
  const current = useRef<HTMLLIElement>(null);
  const isKnown = series !== undefined;
  useEffect(() => {
    if (isKnown) current.current?.scrollIntoView({ block: "nearest" });
  }, [isKnown]);
  if (!series) return null;
  return (
    <details className="card card-quiet run-series" open aria-label="Scenarios">
      <summary>
        <h2>{describeSeries(series)}</h2>
      </summary>
      <ol aria-label="Scenarios">
        {series.rows.map(({ name, state, session: id }, index) => (
          <li key={index} data-state={state} ref={id === session ? current : undefined}>
            <StateMark state={marks[state][0]} label={marks[state][1]} />
            {id === undefined ? (
              <span title={name}>{name}</span>
            ) : (
              <button
                type="button"
                title={name}
                aria-current={id === session || undefined}
                onClick={() => show(id)}
              >
                {name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

function show(id: string): void {
  const found = findSession(id);
  if (found) showSession(found);
}
