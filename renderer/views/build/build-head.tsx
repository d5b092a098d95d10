import { Square } from "lucide-react";
import type { BuildState } from "../../../shared/build.ts";
import { formatDuration } from "../../../shared/format.ts";
import { app } from "../../api-client.ts";
import { library } from "../../state/app-state.ts";
import { estimateLeft } from "../../state/estimate.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";

interface BuildHeadProps {
  readonly session: string;
  readonly build: BuildState;
}

/** What is built, for how long, how long it will still take, and the way to end it. */
export function BuildHead({ session, build }: BuildHeadProps) {
  const isRunning = build.outcome.status === "running";
  const now = useNow(isRunning);
  const sets = useStore(library, (state) => state.value?.sets);
  const end = build.outcome.status === "running" ? now : build.outcome.finished;
  const left = isRunning ? estimateLeft(build, sets ?? [], now) : undefined;
  return (
    <header className="build-head">
      <div>
        <h1>{build.title || "Starting…"}</h1>
        <p className="build-times">
          {build.started > 0 && formatDuration(end - build.started)}
          {build.question !== undefined
            ? ", waiting for you"
            : left !== undefined && `, about ${formatDuration(left)} left`}
        </p>
      </div>
      {isRunning && (
        <Button icon={Square} onClick={() => void app().sessions.stop({ session }).catch(sayError)}>
          Cancel
        </Button>
      )}
    </header>
  );
}
