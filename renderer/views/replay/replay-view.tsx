import { History } from "lucide-react";
import { useMemo } from "react";
import { useStore } from "zustand";
import type { Recording } from "../../state/replay/recording.ts";
import { replayOf } from "../../state/replay/replay.ts";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ReplayAxis } from "./replay-axis.tsx";
import { ReplayConsole } from "./replay-console.tsx";
import { ReplayHappenings } from "./replay-happenings.tsx";
import { ReplayScreen } from "./replay-screen.tsx";
import "./replay.css";

/** A session that has ended, as it was at any time of it. */
export function ReplayView({ session }: { readonly session: string }) {
  const life = useSessionLife(session);
  return (
    <section className="replay" aria-label="Replay">
      {life === "running" && (
        <EmptyState icon={History} title="The session is still running">
          <p>When it has ended, you can go to any time of it here: screen, console, log and events follow.</p>
        </EmptyState>
      )}
      {life !== "running" && life !== "unknown" && <EndedReplay session={session} />}
    </section>
  );
}

function EndedReplay({ session }: { readonly session: string }) {
  const replay = useStore(replayOf(session), (state) => state);
  const { recording, error } = replay;
  if (error !== undefined) return <ErrorText error={error} />;
  if (!recording) return <p className="replay-nothing">Reading the session…</p>;
  return (
    <>
      {recording.notes.map((note) => (
        <p key={note} className="replay-note" role="note">
          {note}
        </p>
      ))}
      <ReplayPanes session={session} recording={recording} time={replay.time} />
      <ReplayAxis session={session} recording={recording} replay={replay} />
    </>
  );
}

interface ReplayPanesProps {
  readonly session: string;
  readonly recording: Recording;
  readonly time: number;
}

function ReplayPanes({ session, recording, time }: ReplayPanesProps) {
  const times = useMemo(() => recording.happenings.map((happening) => happening.time), [recording]);
  return (
    <div className="replay-panes">
      <ReplayScreen session={session} recording={recording} time={time} />
      <ReplayConsole label="Serial console" track={recording.serial} time={time} />
      <ReplayConsole label="The guest's log" track={recording.log} time={time} />
      <ReplayHappenings session={session} recording={recording} times={times} time={time} />
    </div>
  );
}
