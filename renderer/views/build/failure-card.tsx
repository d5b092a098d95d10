import { CircleX, RotateCcw, Square, SquareTerminal, StepForward } from "lucide-react";
import { type BuildState, buildSteps } from "../../../shared/build.ts";
import type { ErrorData } from "../../../shared/errors.ts";
import { app } from "../../api-client.ts";
import { library } from "../../state/app-state.ts";
import { startBuild } from "../../state/builds.ts";
import { findSlot } from "../../state/find-slot.ts";
import { showSessionPanel } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/error-text.tsx";
import { ExportButton } from "../export-button.tsx";
import { LastScreen } from "../last-screen.tsx";

interface FailureCardProps {
  readonly session: string;
  readonly build: BuildState;
  readonly error: ErrorData;
}

/** Why a build failed: the step, the cause, the evidence, and what to do. The old archive is as it was. */
export function FailureCard({ session, build, error }: FailureCardProps) {
  const step = build.steps.at(-1);
  const wasCancelled = error.code === "interrupted";
  const where = step && step.finished === undefined ? `${buildSteps[step.step]} failed` : "The build failed";
  return (
    <section className="card card-bad" aria-label={wasCancelled ? "Cancelled" : "Failure"}>
      <h2>
        <CircleX size={16} aria-hidden />
        {wasCancelled ? "Cancelled" : where}
      </h2>
      <div className="failure-evidence">
        <ErrorText error={error} />
        <LastScreen session={session} />
      </div>
      {build.kept ? (
        <KeptGuest session={session} build={build} />
      ) : (
        <Retries session={session} build={build} />
      )}
    </section>
  );
}

type PartProps = Pick<FailureCardProps, "session" | "build">;

/** The ways to look into a guest that was kept, and to let go of it. */
function KeptGuest({ session, build }: PartProps) {
  return (
    <>
      <p>
        {build.kept?.wasOff
          ? "The guest is kept: it was off, and is started again without its CDs."
          : "The guest is kept: it still runs."}{" "}
        Type into its console to find out why; it holds its memory until you end it.
      </p>
      <div className="card-actions">
        <Button look="primary" icon={SquareTerminal} onClick={() => showSessionPanel("serial", session)}>
          Open its console
        </Button>
        <Button icon={Square} onClick={() => void app().sessions.stop({ session }).catch(sayError)}>
          End the guest
        </Button>
        <ExportButton id={session} />
      </div>
    </>
  );
}

/** The ways to try once more, for an image of the library. */
function Retries({ session, build }: PartProps) {
  const sets = useStore(library, (state) => state.value?.sets);
  const found = findSlot(sets ?? [], build.output);
  const wasCancelled = build.outcome.status === "failed" && build.outcome.error.code === "interrupted";
  if (!found)
    return wasCancelled ? null : (
      <div className="card-actions">
        <ExportButton id={session} />
      </div>
    );
  const { set, image } = found;
  const reusable = build.outcome.status === "failed" ? build.outcome.reusable : [];
  const step = build.steps.at(-1)?.step;
  const canRetryStep = reusable.length > 0 && step !== undefined;
  return (
    <div className="card-actions">
      {canRetryStep && (
        <Button
          look="primary"
          icon={StepForward}
          title={`Uses again what was made: ${reusable.map((one) => buildSteps[one]).join(", ")}`}
          onClick={() => void startBuild(set, image, session)}
        >
          Retry {buildSteps[step].toLowerCase()}
        </Button>
      )}
      <Button
        look={canRetryStep ? "plain" : "primary"}
        icon={RotateCcw}
        onClick={() => void startBuild(set, image)}
      >
        Retry all
      </Button>
      {!wasCancelled && <ExportButton id={session} look="quiet" />}
    </div>
  );
}
