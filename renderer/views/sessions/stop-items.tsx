import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { stopLabel } from "../../state/runs/scenario-series.ts";
import { forceSession, stopSession } from "../../state/sessions/stop-session.ts";
import { useStop } from "../../state/sessions/use-stop.ts";
import { MenuItem } from "../../ui/menu.tsx";

const labels: Readonly<Partial<Record<SessionSummary["kind"], string>>> = {
  build: "Cancel build",
  watch: "Stop watch",
};

/** Ends a session in order. It stays when there is nothing to end: what is clicked must not change. */
export function StopItem({ id, kind, status, keepsGuest, series }: SessionSummary) {
  const isAsked = useStop(id) === "possible" ? undefined : "It is shutting down";
  return (
    <MenuItem
      disabledReason={status === "running" ? isAsked : "It has ended"}
      onSelect={() => void stopSession(id)}
    >
      {keepsGuest ? "Stop the kept guest" : (labels[kind] ?? stopLabel({ series }))}
    </MenuItem>
  );
}

/** Ends a session whose end in order takes long. It comes below the others, which stay where they are. */
export function ForceItem({ id, status }: SessionSummary) {
  const canForce = useStop(id) === "forceable" && status === "running";
  return canForce && <MenuItem onSelect={() => void forceSession(id)}>Force it to end</MenuItem>;
}
