import { OctagonX, RotateCcw } from "lucide-react";
import { useStore } from "zustand";
import type { RunState } from "../../../shared/session/run.ts";
import { formatDate, formatDuration } from "../../../shared/text/format.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { askToKill } from "../../state/guest/guest-actions.ts";
import { usePause } from "../../state/guest/use-pause.ts";
import { killObstacle } from "../../state/runs/kill-obstacle.ts";
import { runAgain } from "../../state/runs/run-again.ts";
import { formOf } from "../../state/runs/run-form.ts";
import { stopLabel } from "../../state/runs/scenario-series.ts";
import { wasTaskKilled } from "../../state/runs/task-end.ts";
import type { SessionLife } from "../../state/sessions/session-life.ts";
import { stopObstacle, stopsAsked } from "../../state/sessions/stop-session.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";
import { SessionId } from "../session/session-id.tsx";
import { StopButton } from "../session/stop-button.tsx";

interface RunHeadProps {
  readonly session: string;
  readonly run: RunState;
  readonly booted: number | undefined;
  readonly life: SessionLife;
}

/** The title of a run, its progress, and its commands. */
export function RunHead({ session, run, booted, life }: RunHeadProps) {
  const { request, started, outcome } = run;
  const isRunning = life === "running" && outcome.status === "running";
  const shuttingDown = useStore(stopsAsked, () => stopObstacle(session));
  const wasKilled = useSessionLog(session, wasTaskKilled);
  const now = useNow(isRunning);
  const pause = usePause(session);
  const ended = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.ended);
  const end = outcome.status === "running" ? (ended ?? now) : outcome.finished;
  const image = request?.image;
  return (
    <header className="session-head">
      <div>
        <h1>{request?.title ?? "Starting…"}</h1>
        <code>{request && formOf(request).command}</code>
        <div className="session-phase">
          <p role="status">
            {describePhase(run, { booted, life, isPaused: pause !== undefined, wasKilled })}
            {started > 0 && (
              <span className="session-time">{formatDuration(Math.max(0, end - started))}</span>
            )}
          </p>
          {run.stateSaved !== undefined && (
            <p>
              {run.checkpoint === undefined
                ? "Warm: continues from its state of "
                : `From checkpoint “${run.checkpoint}”: continues from its moment of `}
              {formatDate(run.stateSaved)}, without a boot
            </p>
          )}
          <SessionId session={session} />
        </div>
      </div>
      <div className="session-actions">
        <Button
          icon={OctagonX}
          disabledReason={isRunning ? (killObstacle(run) ?? shuttingDown) : "The run has ended"}
          onClick={() => askToKill(session)}
        >
          Kill task
        </Button>
        {isRunning && (
          <StopButton session={session} label={stopLabel(request?.scenario)} busyLabel="Stopping…" />
        )}
        {!isRunning && image && request && (
          <Button look="primary" icon={RotateCcw} onClick={() => runAgain({ ...request, image })}>
            Run again…
          </Button>
        )}
      </div>
    </header>
  );
}

interface RunCircumstances extends Pick<RunHeadProps, "booted" | "life"> {
  readonly isPaused: boolean;
  readonly wasKilled: boolean;
}

function describePhase(
  { reported, stateSaved, toolsStarted, outcome, request }: RunState,
  { booted, life, isPaused, wasKilled }: RunCircumstances,
): string {
  if (outcome.status !== "running") return "Ended";
  if (life === "killed") return "Its process has ended";
  if (life === "deleted") return "Deleted";
  const running = request?.scenario ? "the scenario waits for its expectations" : "the guest keeps running";
  const machine = isPaused ? "the virtual machine is paused" : running;
  if (reported && wasKilled) return `The task was killed; ${machine}`;
  if (reported) return `The task has ${reported.result === "success" ? "succeeded" : "failed"}; ${machine}`;
  if (isPaused) return "The virtual machine is paused";
  if (toolsStarted !== undefined) return "The guest tools run the command";
  if (request?.kind === "meta") return "Waiting for guest tools";
  if (stateSaved !== undefined) return "Restoring the state";
  return booted === undefined ? "Unpacking the image" : "Booting";
}
