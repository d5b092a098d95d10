import { useStore } from "zustand";
import { runCommand } from "../../state/commands/commands.ts";
import { sessions as kept, settings } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";

/** Says how much is kept of ended sessions, and the last that was deleted. */
export function RetentionNote() {
  const retention = useStore(settings, ({ value }) => value?.retention);
  const deletions = useStore(kept, ({ value }) => value?.find((one) => one.deletions.length > 0)?.deletions);
  if (!retention) return null;
  const { sessions, sessionsGib } = retention;
  const count = sessions === 1 ? "newest session is" : `${sessions.toLocaleString("en")} newest sessions are`;
  return (
    <footer className="sessions-retention">
      <p>
        The {count} kept, up to {sessionsGib.toLocaleString("en")} GiB. Older ones are deleted when a session
        starts.
      </p>
      {deletions?.map((text) => (
        <p key={text} title={text}>
          {text}
        </p>
      ))}
      <Button look="quiet" onClick={() => runCommand("settings")}>
        Change limits
      </Button>
    </footer>
  );
}
