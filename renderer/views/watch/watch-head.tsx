import { RefreshCw } from "lucide-react";
import type { WatchState } from "../../../shared/watch/watch.ts";
import { forceRound } from "../../state/watch/force-round.ts";
import { Button } from "../../ui/button.tsx";
import { SessionId } from "../session/session-id.tsx";
import { StopButton } from "../session/stop-button.tsx";

interface WatchHeadProps {
  readonly session: string;
  readonly watch: WatchState;
  readonly isRunning: boolean;
}

/** The title of a watch, its check, and its commands. */
export function WatchHead({ session, watch, isRunning }: WatchHeadProps) {
  const { title, check, rounds } = watch;
  return (
    <header className="session-head">
      <div>
        <h1>{title || "Starting…"}</h1>
        <code>{check || "an empty task"}</code>
        <div className="session-phase">
          <p role="status">{isRunning ? describePhase(rounds) : "Ended"}</p>
          <SessionId session={session} />
        </div>
      </div>
      {isRunning && (
        <div className="session-actions">
          <Button icon={RefreshCw} onClick={() => void forceRound(session)}>
            Check again
          </Button>
          <StopButton session={session} label="Stop watch" busyLabel="Stopping…" />
        </div>
      )}
    </header>
  );
}

function describePhase(rounds: WatchState["rounds"]): string {
  const newest = rounds.at(-1);
  // The first round begins when they have been read.
  if (!newest) return "Reading the watched files";
  return newest.status === "running" ? "A round is under way" : "Waiting for a change";
}
