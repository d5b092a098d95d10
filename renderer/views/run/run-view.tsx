import { useSessionLife } from "../../state/sessions/session-life.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import "../../ui/card.css";
import { GoneCard } from "../session/gone-card.tsx";
import { RuleUses } from "../session/rule-uses.tsx";
import { RunExpectations } from "./run-expectations.tsx";
import { RunHead } from "./run-head.tsx";
import { RunNotes } from "./run-notes.tsx";
import { RunOutcome } from "./run-outcome.tsx";
import { RunSeries } from "./run-series.tsx";
import { TaskLogView } from "./task-log-view.tsx";
import "../../ui/session-tab.css";
import "./run.css";

/** One run of an image: its progress, its task's log, and the outcome. */
export function RunView({ session }: { readonly session: string }) {
  const run = useSessionLog(session, (log) => log.run);
  const booted = useSessionLog(session, (log) => log.booted);
  const allNotes = useSessionLog(session, (log) => log.notes);
  const life = useSessionLife(session);
  const isRunning = life === "running";
  const notes = isRunning ? allNotes : allNotes.filter(({ about }) => about !== "shutdown");
  return (
    <article className="session-tab run" aria-label={run.request?.title ?? "Run"}>
      <RunHead session={session} run={run} booted={booted} life={life} />
      {(life === "killed" || life === "deleted") && (
        <GoneCard session={session} life={life} note="The image is unchanged: a run never changes it." />
      )}
      <RunSeries session={session} />
      <RunExpectations session={session} />
      <RunOutcome session={session} run={run} />
      {run.outcome.status !== "running" && <RuleUses rules={run.outcome.rules} />}
      <RunNotes notes={notes} />
      <TaskLogView session={session} isRunning={isRunning} />
    </article>
  );
}
