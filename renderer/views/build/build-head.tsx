import { Square } from "lucide-react";
import type { BuildState } from "../../../shared/build.ts";
import { formatDuration } from "../../../shared/format.ts";
import { app, sessionClient } from "../../api-client.ts";
import { library } from "../../state/app-state.ts";
import { estimate } from "../../state/estimate.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { elapsed } from "./elapsed.ts";

interface BuildHeadProps {
  readonly session: string;
  readonly build: BuildState;
  readonly now: number;
}

/** What is built, for how long, how long it will still take, and the way to end it. */
export function BuildHead({ session, build, now }: BuildHeadProps) {
  const { outcome, kept } = build;
  const isWorking = outcome.status === "running" && !kept;
  const sets = useStore(library, (state) => state.value?.sets);
  const end = outcome.status === "running" ? (kept?.since ?? now) : outcome.finished;
  const expected = isWorking ? estimate(build, sets ?? [], now) : undefined;
  return (
    <header className="build-head">
      <div className="build-title">
        <h1>{build.title || "Starting…"}</h1>
        <p className="build-times">
          {build.started > 0 && elapsed(build.started, end)}
          {build.question !== undefined
            ? ", waiting for you"
            : expected && `, about ${formatDuration(expected.left)} left`}
        </p>
      </div>
      {isWorking && (
        <div className="build-actions">
          {build.keepsFailed !== undefined && (
            <label className="choice" title="So that you can type into it and find out why">
              <input
                type="checkbox"
                checked={build.keepsFailed}
                onChange={({ target }) =>
                  void sessionClient(session).build.keepFailed({ isWanted: target.checked }).catch(sayError)
                }
              />
              Keep the guest if it fails
            </label>
          )}
          <Button icon={Square} onClick={() => void app().sessions.stop({ session }).catch(sayError)}>
            Cancel
          </Button>
        </div>
      )}
      {expected && <ProgressBar label="The whole build" fraction={expected.fraction} />}
    </header>
  );
}
