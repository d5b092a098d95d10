import { useStore } from "zustand";
import type { BuildState } from "../../../shared/session/build.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import { type Estimate, estimate } from "../../state/builds/estimate.ts";
import { library } from "../../state/connection/app-state.ts";
import { sayError } from "../../state/messages/notices.ts";
import { useStop } from "../../state/sessions/use-stop.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { SessionId } from "../session/session-id.tsx";
import { StopButton } from "../session/stop-button.tsx";
import { elapsed } from "./elapsed.ts";

interface BuildHeadProps {
  readonly session: string;
  readonly build: BuildState;
  /** Whether it still has something to do. */
  readonly isWorking: boolean;
  readonly now: number;
}

/** The title of a build, its duration so far, the expected rest, and the button that cancels it. */
export function BuildHead({ session, build, isWorking, now }: BuildHeadProps) {
  const { outcome, kept } = build;
  const sets = useStore(library, (state) => state.value?.sets);
  const isEnding = useStop(session) !== "possible";
  const end = outcome.status === "running" ? (kept?.since ?? now) : outcome.finished;
  const expected = isWorking ? estimate(build, sets ?? [], now) : undefined;
  return (
    <header className="session-head build-head">
      <div className="build-title">
        <h1>{build.title || (isWorking ? "Starting…" : "Build")}</h1>
        <p className="build-times">
          {build.started > 0 && elapsed(build.started, end)}
          {isWorking && (isWaiting(build) ? ", waiting for you" : expected && describeRest(expected))}
        </p>
        <SessionId session={session} />
      </div>
      {isWorking && (
        <div className="build-actions">
          {build.keepsFailed !== undefined && (
            <label className="choice" title="So that you can type into it and find out why">
              <input
                type="checkbox"
                checked={build.keepsFailed}
                disabled={isEnding}
                onChange={({ target }) =>
                  void sessionClient(session).build.keepFailed({ isWanted: target.checked }).catch(sayError)
                }
              />
              Keep the guest if it fails
            </label>
          )}
          <StopButton session={session} label="Cancel build" busyLabel="Cancelling…" />
        </div>
      )}
      {expected && <ProgressBar label="The whole build" fraction={expected.fraction} />}
    </header>
  );
}

/** Whether it continues only when a person does something. */
function isWaiting({ question, awaitedInput, isByHand, steps }: BuildState): boolean {
  const step = steps.at(-1);
  const isInstalling =
    isByHand && step?.finished === undefined && (step?.step === "boot" || step?.step === "guest");
  return isInstalling || question !== undefined || awaitedInput?.isCertain === true;
}

function describeRest({ left, isOverdue }: Estimate): string {
  return isOverdue ? ", longer than usual" : `, about ${formatDuration(left)} left`;
}
