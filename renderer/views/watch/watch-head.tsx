import { RefreshCw } from "lucide-react";
import { describeStrip } from "../../../shared/watch/round-words.ts";
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
  const isBusy = isRunning && rounds.at(-1)?.status === "running";
  const strip = describeStrip(rounds);
  return (
    <header className="watch-head">
      <div className="watch-what">
        <h1>{title || "Starting…"}</h1>
        <code>{check || "an empty task"}</code>
        <div className="watch-phase">
          <p role="status">
            {isRunning ? (isBusy ? "A round is under way" : "Waiting for a change") : "Ended"}
            {strip && <span className="watch-time">last: {strip}</span>}
          </p>
          <SessionId session={session} />
        </div>
      </div>
      <div className="watch-actions">
        <Button
          icon={RefreshCw}
          disabledReason={isRunning ? undefined : "The watch has ended"}
          onClick={() => void forceRound(session)}
        >
          Check again
        </Button>
        {isRunning && <StopButton session={session} label="Stop watch" busyLabel="Stopping…" />}
      </div>
    </header>
  );
}
