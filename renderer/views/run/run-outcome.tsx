import { CircleCheck, CircleSlash, CircleX } from "lucide-react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { describeExit } from "../../../shared/guest/task-outcome.ts";
import type { RunState } from "../../../shared/session/run.ts";
import { describeTaskTime, wasTaskKilled } from "../../state/runs/task-end.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ExportButton } from "../export/export-button.tsx";
import { LastScreen } from "../screen/last-screen.tsx";

interface RunOutcomeProps {
  readonly session: string;
  readonly run: RunState;
}

/** The end of a run's task, or the reason why there is no result. In a scenario, the expectations judge it. */
export function RunOutcome({ session, run }: RunOutcomeProps) {
  const wasKilled = useSessionLog(session, wasTaskKilled);
  const after = useSessionLog(session, describeTaskTime);
  const { request, reported, outcome } = run;
  if (outcome.status === "cancelled") return <Stopped error={outcome.error} />;
  if (outcome.status === "failed")
    return <Failure session={session} error={outcome.error} isExpected={outcome.expectations?.unmet === 0} />;
  if (!reported) return null;
  const hasSucceeded = reported.result === "success";
  const look = request?.scenario ? "quiet" : hasSucceeded ? "good" : "bad";
  if (wasKilled)
    return (
      <section className="card card-quiet" aria-label="Result">
        <h2>
          <CircleSlash size={16} aria-hidden /> Killed on your request{after}
        </h2>
        {reported.exit && <p>The command ended with {describeExit(reported.exit)}.</p>}
      </section>
    );
  return (
    <section className={`card card-${look}`} aria-label="Result">
      <h2>
        {hasSucceeded ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
        The task {hasSucceeded ? "succeeded" : "failed"}
        {after}
      </h2>
      {!hasSucceeded && (
        <p>
          {reported.exit
            ? `The command ended with ${describeExit(reported.exit)}. See its log.`
            : "The command ended with an error, or could not be started. See its log."}
        </p>
      )}
    </section>
  );
}

const titles: Partial<Record<ErrorData["code"], string>> = {
  "guest-tools-lost": "The guest tools were lost",
  "timed-out": "Timed out",
};

/**
 * Says that a run was stopped before there was a result: that is not a failure, and its last lines explain nothing.
 */
function Stopped({ error: { code, message, advice } }: { readonly error: ErrorData }) {
  // The usual message says no more than the title.
  const what = message === "interrupted" ? "the run was stopped before the task had a result" : message;
  return (
    <section className="card card-quiet" aria-label="Stopped">
      <h2>
        <CircleSlash size={16} aria-hidden /> Stopped
      </h2>
      <ErrorText error={{ code, message: what, advice }} />
    </section>
  );
}

interface FailureProps {
  readonly session: string;
  readonly error: ErrorData;
  /** The run's scenario expects that there is no result. */
  readonly isExpected: boolean;
}

function Failure({ session, error, isExpected }: FailureProps) {
  return (
    <section className={`card card-${isExpected ? "quiet" : "bad"}`} aria-label="Failure">
      <h2>
        <CircleX size={16} aria-hidden />
        {titles[error.code] ?? "The run failed"}
      </h2>
      <div className="failure-evidence">
        <ErrorText error={error} />
        <LastScreen session={session} />
      </div>
      <div className="card-actions">
        <ExportButton id={session} />
      </div>
    </section>
  );
}
