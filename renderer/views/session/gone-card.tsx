import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { sessions } from "../../state/connection/app-state.ts";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ExportButton } from "../export/export-button.tsx";

interface GoneCardProps {
  readonly session: string;
  readonly life: "killed" | "deleted";
  /** A note about the data that it worked on. */
  readonly note: string;
  /** More about the data. */
  readonly details?: ReactNode;
  /** The buttons that do it once more. */
  readonly children?: ReactNode;
}

const titles = {
  killed: "Its process has ended unexpectedly",
  deleted: "This session was deleted",
} as const;

const usualCauses =
  "It was killed, or this host was shut down or ran out of memory. Its logs show what happened until then.";

/** Says that a session can't continue, although its log has no end. */
export function GoneCard({ session, life, note, details, children }: GoneCardProps) {
  const crash = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.error);
  return (
    <section className="card card-warn" aria-label={titles[life]}>
      <h2>
        <CircleAlert size={16} aria-hidden /> {titles[life]}
      </h2>
      {life === "deleted" ? (
        <p>Its logs are gone. This window still shows the part that it has read.</p>
      ) : crash ? (
        <ErrorText error={crash} />
      ) : (
        <p>{usualCauses}</p>
      )}
      <p>{note}</p>
      {details}
      {(children || life === "killed") && (
        <div className="card-actions">
          {children}
          {life === "killed" && <ExportButton id={session} look="quiet" />}
        </div>
      )}
    </section>
  );
}
