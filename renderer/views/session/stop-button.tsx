import { OctagonX, Square } from "lucide-react";
import { forceSession, stopSession } from "../../state/sessions/stop-session.ts";
import { useStop } from "../../state/sessions/use-stop.ts";
import { Button } from "../../ui/button.tsx";

interface StopButtonProps {
  readonly session: string;
  /** The label that says the effect, such as "Cancel". */
  readonly label: string;
  /** The label while the session shuts down, such as "Cancelling…". */
  readonly busyLabel: string;
  /** A note about the data that is lost, where the label does not say that. */
  readonly title?: string;
}

/** Ends a session: the first click in order; when that takes long, it offers to force it. */
export function StopButton({ session, label, busyLabel, title }: StopButtonProps) {
  const stage = useStop(session);
  if (stage === "forceable")
    return (
      <Button
        look="danger"
        icon={OctagonX}
        title="Kills QEMU and commands at once, without waiting for them to end"
        onClick={() => void forceSession(session)}
      >
        Force
      </Button>
    );
  const isAsked = stage === "asked";
  return (
    <Button
      icon={Square}
      title={title}
      // It keeps the focus, which would else be lost.
      disabledReason={isAsked ? "It is shutting down" : undefined}
      onClick={() => void stopSession(session)}
    >
      {isAsked ? busyLabel : label}
    </Button>
  );
}
