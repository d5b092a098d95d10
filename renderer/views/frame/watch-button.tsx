import { Eye } from "lucide-react";
import { useStore } from "zustand";
import { useChosenObstacle } from "../../state/builds/build-obstacle.ts";
import { useChosenSet } from "../../state/builds/chosen-set.ts";
import { runCommand } from "../../state/commands/commands.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { watchOf } from "../../state/watch/watch-of.ts";
import { Button } from "../../ui/button.tsx";

/** Starts a watch of the chosen image set; while one runs, shows it. */
export function WatchButton() {
  const set = useChosenSet();
  const watch = useStore(sessions, () => watchOf(set));
  const obstacle = useChosenObstacle("worker");
  if (watch)
    return (
      <Button
        icon={Eye}
        aria-pressed
        aria-label="Watching"
        hint="Show the watch of this image set"
        onClick={() => showSession(watch)}
      >
        <span className="toolbar-long">Watching</span>
      </Button>
    );
  return (
    <Button
      icon={Eye}
      hint="Check each saved change of the guest tools on a VM"
      aria-label="Watch…"
      disabledReason={obstacle}
      onClick={() => runCommand("watch.start")}
    >
      <span className="toolbar-long">Watch…</span>
    </Button>
  );
}
