import { useStore } from "zustand";
import { runCommand } from "../../state/commands/commands.ts";
import { settings } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";

/** Says how much is kept of ended sessions. */
export function RetentionNote() {
  const retention = useStore(settings, ({ value }) => value?.retention);
  if (!retention) return null;
  const { sessions, sessionsGib } = retention;
  const count = sessions === 1 ? "newest session is" : `${sessions.toLocaleString("en")} newest sessions are`;
  return (
    <footer className="sessions-retention">
      <p>
        The {count} kept, up to {sessionsGib.toLocaleString("en")} GiB. Older ones are deleted when a session
        starts.
      </p>
      <Button look="quiet" onClick={() => runCommand("settings")}>
        Change limits
      </Button>
    </footer>
  );
}
