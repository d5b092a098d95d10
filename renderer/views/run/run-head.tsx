import { Activity, FolderTree, OctagonX, RotateCcw, Square, SquareTerminal } from "lucide-react";
import { formatDuration } from "../../../shared/format.ts";
import type { RunState } from "../../../shared/run.ts";
import { app } from "../../api-client.ts";
import { openDialog } from "../../state/dialogs.ts";
import { askToKill, openShell, showActionLog, showFiles } from "../../state/guest-actions.ts";
import { formOf } from "../../state/run-form.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";

interface RunHeadProps {
  readonly session: string;
  readonly run: RunState;
  readonly booted: number | undefined;
  readonly isRunning: boolean;
}

/** What runs, how far it has come, and what can be done with it. */
export function RunHead({ session, run, booted, isRunning }: RunHeadProps) {
  const { request, started, outcome } = run;
  const now = useNow(isRunning);
  const end = outcome.status === "running" ? now : outcome.finished;
  const image = request?.image;
  return (
    <header className="run-head">
      <div className="run-what">
        <h1>{request?.title ?? "Starting…"}</h1>
        <code>{request && formOf(request).command}</code>
        <p role="status">
          {describePhase(run, booted, isRunning)}
          {started > 0 && <span className="run-time">{formatDuration(Math.max(0, end - started))}</span>}
        </p>
      </div>
      <div className="run-actions">
        <Button icon={FolderTree} disabled={!isRunning} onClick={() => showFiles(session)}>
          Files
        </Button>
        <Button icon={SquareTerminal} disabled={!isRunning} onClick={() => openShell(session)}>
          Shell
        </Button>
        <Button icon={OctagonX} disabled={!isRunning} onClick={() => askToKill(session)}>
          Kill task
        </Button>
        <Button icon={Activity} onClick={() => showActionLog(session)}>
          Action log
        </Button>
        {isRunning && (
          <Button icon={Square} onClick={() => void app().sessions.stop({ session }).catch(sayError)}>
            Stop
          </Button>
        )}
        {!isRunning && image && request && (
          <Button
            look="primary"
            icon={RotateCcw}
            onClick={() => openDialog({ name: "run", archive: image, form: formOf(request) })}
          >
            Run again…
          </Button>
        )}
      </div>
    </header>
  );
}

function describePhase(
  { reported, toolsStarted, outcome, request }: RunState,
  booted: number | undefined,
  isRunning: boolean,
): string {
  if (outcome.status !== "running") return "Ended";
  if (!isRunning) return "Its process is gone";
  if (reported)
    return `The task has ${reported.result === "success" ? "succeeded" : "failed"}; the guest goes on`;
  if (toolsStarted !== undefined) return "The guest tools run the command";
  if (request?.kind === "meta") return "Waiting for guest tools";
  return booted === undefined ? "Unpacking the image" : "Booting";
}
