import { Command, Hammer, LayoutPanelTop, Play } from "lucide-react";
import { useStore } from "zustand";
import { useChosenObstacle } from "../../state/builds/build-obstacle.ts";
import { useChosenSet } from "../../state/builds/chosen-set.ts";
import { hasImage } from "../../state/builds/first-set.ts";
import { runCommand } from "../../state/commands/commands.ts";
import { library } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";
import { lazyView } from "../../ui/lazy-view.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import "./welcome-view.css";

// It is shown until there is an image.
const FirstStart = lazyView(async () => (await import("./first-start.tsx")).FirstStart);

/**
 * The content of a window's middle when nothing is open there: the way to a first image, later the usual commands.
 */
export function WelcomeView() {
  const value = useStore(library, (state) => state.value);
  if (!value) return null;
  return <div className="welcome">{hasImage(value) ? <NothingOpen /> : <FirstStart />}</div>;
}

function NothingOpen() {
  const set = useChosenSet();
  const obstacle = useChosenObstacle("worker");
  return (
    <EmptyState icon={LayoutPanelTop} title="Nothing is open">
      <p>Builds, runs, files and logs open here. Choose one at the left, or start one.</p>
      <p className="welcome-actions">
        <Button icon={Hammer} disabledReason={obstacle} onClick={() => runCommand("build.worker")}>
          Rebuild worker
        </Button>
        <Button
          icon={Play}
          disabledReason={set?.worker.archive ? undefined : "Rebuild the worker image first"}
          onClick={() => runCommand("run.worker")}
        >
          Run…
        </Button>
        <Button look="quiet" icon={Command} onClick={() => runCommand("palette")}>
          All commands
        </Button>
      </p>
    </EmptyState>
  );
}
