import { useStore } from "zustand";
import type { RoundOutcome } from "../../../shared/watch/round-outcome.ts";
import { markOf } from "../../../shared/watch/round-words.ts";
import { useChosenSet } from "../../state/builds/chosen-set.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { watchOf } from "../../state/watch/watch-of.ts";
import "./outcome-strip.css";

/** The last outcomes of the watch that runs for the chosen image set, each of which leads to its session. */
export function OutcomeStrip() {
  const set = useChosenSet();
  const watch = useStore(sessions, () => watchOf(set));
  const outcomes = watch?.watch?.outcomes ?? [];
  if (!watch || outcomes.length === 0) return null;
  const show = ({ session = watch.id }: RoundOutcome) => showSession(findSession(session) ?? watch);
  return (
    <span className="outcome-strip">
      <button type="button" onClick={() => showSession(watch)}>
        last {outcomes.length}:
      </button>
      {outcomes.map((outcome) => (
        <button
          key={outcome.round}
          type="button"
          data-outcome={outcome.outcome}
          title={`Round ${outcome.round}, ${outcome.kind} verdict: ${outcome.text}`}
          aria-label={`${textOf(outcome)}, round ${outcome.round}`}
          onClick={() => show(outcome)}
        >
          {textOf(outcome)}
        </button>
      ))}
    </span>
  );
}

/** A verdict that is only fast has a question mark. */
function textOf(outcome: RoundOutcome): string {
  return `${markOf(outcome)}${outcome.kind === "fast" ? "?" : ""}`;
}
