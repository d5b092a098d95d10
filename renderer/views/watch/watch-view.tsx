import { CircleX } from "lucide-react";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import "../../ui/card.css";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { RunNotes } from "../run/run-notes.tsx";
import { GoneCard } from "../session/gone-card.tsx";
import { RoundItem } from "./round-item.tsx";
import { WatchHead } from "./watch-head.tsx";
import "../../ui/session-tab.css";
import "./watch.css";

/** A watch of an image set: its rounds, the newest first. */
export function WatchView({ session }: { readonly session: string }) {
  const watch = useSessionLog(session, (log) => log.watch);
  const notes = useSessionLog(session, (log) => log.notes);
  const life = useSessionLife(session);
  const isRunning = life === "running" && watch.outcome.status === "running";
  return (
    <article className="session-tab watch" aria-label={watch.title || "Watch"}>
      <WatchHead session={session} watch={watch} isRunning={isRunning} />
      {(life === "killed" || life === "deleted") && (
        <GoneCard session={session} life={life} note="The worker image is the one of the last rebuild." />
      )}
      {watch.outcome.status === "failed" && (
        <section className="card card-bad" aria-label="Failure">
          <h2>
            <CircleX size={16} aria-hidden />
            The watch failed
          </h2>
          <ErrorText error={watch.outcome.error} />
        </section>
      )}
      <RunNotes notes={notes} />
      <ol className="rounds" aria-label="Rounds">
        {watch.rounds.toReversed().map((round) => (
          <RoundItem key={round.round} round={round} isRunning={isRunning && round.status === "running"} />
        ))}
      </ol>
    </article>
  );
}
