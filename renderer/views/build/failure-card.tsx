import { CircleX, RotateCcw } from "lucide-react";
import { useState } from "react";
import { type BuildState, buildSteps } from "../../../shared/build.ts";
import type { ErrorData } from "../../../shared/errors.ts";
import { sessionFile } from "../../api-client.ts";
import { library } from "../../state/app-state.ts";
import { startBuild } from "../../state/builds.ts";
import { useStore } from "../../state/store.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/error-text.tsx";

interface FailureCardProps {
  readonly session: string;
  readonly build: BuildState;
  readonly error: ErrorData;
}

/** Why a build failed: the step, the cause, the evidence, and what to do. The old archive is as it was. */
export function FailureCard({ session, build, error }: FailureCardProps) {
  const [hasScreen, setHasScreen] = useState(true);
  const sets = useStore(library, (state) => state.value?.sets);
  const step = build.steps.findLast(({ finished }) => finished === undefined);
  const set = sets?.find(({ name }) => build.title.endsWith(` ${name}`));
  const image = build.title.startsWith("Setup") ? "setup" : "worker";
  const wasCancelled = error.code === "interrupted";
  return (
    <section className="card card-bad" aria-label={wasCancelled ? "Cancelled" : "Failure"}>
      <h2>
        <CircleX size={16} aria-hidden />
        {wasCancelled ? "Cancelled" : step ? `${buildSteps[step.step]} failed` : "The build failed"}
      </h2>
      <div className="failure-evidence">
        <ErrorText error={error} />
        {hasScreen && (
          <figure>
            <img
              src={sessionFile(session, "screen.png")}
              alt="What the guest's screen showed last"
              onError={() => setHasScreen(false)}
            />
            <figcaption>Last screen</figcaption>
          </figure>
        )}
      </div>
      {set && (
        <div className="card-actions">
          <Button look="primary" icon={RotateCcw} onClick={() => void startBuild(set, image)}>
            Retry all
          </Button>
        </div>
      )}
    </section>
  );
}
