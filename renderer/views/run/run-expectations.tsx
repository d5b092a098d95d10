import { CircleCheck, CircleX } from "lucide-react";
import type { Check } from "../../../shared/scenario/scenario-event.ts";
import { formatCount, formatOffset } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { StateMark } from "../../ui/state-mark.tsx";

/** The expectations of a run's scenario, and whether each was met; nothing for a run without one. */
export function RunExpectations({ session }: { readonly session: string }) {
  const checks = useSessionLog(session, (log) => log.checks);
  const started = useSessionLog(session, (log) => log.run.started);
  if (checks.length === 0) return null;
  const unmet = checks.filter(({ passed }) => !passed).length;
  return (
    <section className={`card ${unmet > 0 ? "card-bad" : "card-good"}`} aria-label="Expectations">
      <h2>
        {unmet > 0 ? <CircleX size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
        {unmet > 0
          ? `${unmet} of ${formatCount(checks.length, "expectation")} not met`
          : `Met ${formatCount(checks.length, "expectation")}`}
      </h2>
      <ul className="run-expectations">
        {checks.map((check, index) => (
          <li key={index}>
            <StateMark state={check.passed ? "good" : "bad"} label={check.passed ? "Met" : "Not met"} />
            <div>
              {stripControls(check.expectation)}
              {!check.passed && <p>{describeSeen(check, started)}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The value that was seen in place of the expected one, and its place on the time axis of the session. */
function describeSeen({ seen, at, exchange }: Check, started: number): string {
  const places = [
    at !== undefined && `at ${formatOffset(at - started)}`,
    exchange !== undefined && `exchange ${exchange}`,
  ].filter((place) => place !== false);
  return `Seen: ${stripControls(seen)}${places.length > 0 ? ` (${places.join(", ")})` : ""}`;
}
