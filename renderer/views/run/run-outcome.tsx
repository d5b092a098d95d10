import { CircleAlert, CircleCheck, CircleX } from "lucide-react";
import type { ErrorData } from "../../../shared/errors.ts";
import { formatDuration } from "../../../shared/format.ts";
import type { RunState } from "../../../shared/run.ts";
import { ErrorText } from "../../ui/error-text.tsx";
import { ExportButton } from "../export-button.tsx";
import { LastScreen } from "../last-screen.tsx";

interface RunOutcomeProps {
  readonly session: string;
  readonly run: RunState;
}

/** How a run's task ended, or why there is no result. */
export function RunOutcome({ session, run }: RunOutcomeProps) {
  const { reported, toolsStarted, outcome } = run;
  if (outcome.status === "failed") return <Failure session={session} error={outcome.error} />;
  if (!reported) return null;
  const hasSucceeded = reported.result === "success";
  const time = toolsStarted === undefined ? undefined : reported.time - toolsStarted;
  return (
    <section className={`card ${hasSucceeded ? "card-good" : "card-bad"}`} aria-label="Result">
      <h2>
        {hasSucceeded ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
        The task {hasSucceeded ? "succeeded" : "failed"}
        {time !== undefined && <> after {formatDuration(time)}</>}
      </h2>
      {!hasSucceeded && <p>Its command ended with an error, or could not be started. Its log tells which.</p>}
    </section>
  );
}

const titles: Partial<Record<ErrorData["code"], string>> = {
  "guest-tools-lost": "The guest tools were lost",
  "timed-out": "The time was up",
  interrupted: "Stopped",
};

function Failure({ session, error }: { readonly session: string; readonly error: ErrorData }) {
  const wasStopped = error.code === "interrupted";
  return (
    <section
      className={`card ${wasStopped ? "card-quiet" : "card-bad"}`}
      aria-label={wasStopped ? "Stopped" : "Failure"}
    >
      <h2>
        {wasStopped ? <CircleAlert size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
        {titles[error.code] ?? "The run failed"}
      </h2>
      <div className="failure-evidence">
        <ErrorText error={error} />
        {!wasStopped && <LastScreen session={session} />}
      </div>
      {!wasStopped && (
        <div className="card-actions">
          <ExportButton id={session} />
        </div>
      )}
    </section>
  );
}
