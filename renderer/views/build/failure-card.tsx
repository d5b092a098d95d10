import { CircleSlash, CircleX, SquareTerminal, StepForward } from "lucide-react";
import { useStore } from "zustand";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { type BuildState, buildSteps } from "../../../shared/session/build.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { showPart } from "../../state/layout/session-panels.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ExportButton } from "../export/export-button.tsx";
import { RecordingNote } from "../install/recording-note.tsx";
import { LastScreen } from "../screen/last-screen.tsx";
import { StopButton } from "../session/stop-button.tsx";
import { RetryButton, useRetry } from "./retry.tsx";

interface FailureCardProps {
  readonly session: string;
  readonly build: BuildState;
  readonly error: ErrorData;
  /** The last lines that its guest logged. */
  readonly lastLines: readonly string[];
  /** Whether its session was deleted, with the data for a retry or a bug report. */
  readonly isDeleted: boolean;
  /** Whether its failed guest is still there. */
  readonly keepsGuest: boolean;
}

/** Shows why a build failed: the step, the cause, the evidence, and what to do. The old archive is unchanged. */
export function FailureCard({ session, build, error, lastLines, isDeleted, keepsGuest }: FailureCardProps) {
  const { details = [], ...cause } = error;
  const step = unfinishedStep(build);
  return (
    <section className="card card-bad" aria-label="Failure">
      <h2>
        <CircleX size={16} aria-hidden />
        {step === undefined ? "The build failed" : `Failed in step ${step}`}
      </h2>
      <div className="failure-evidence">
        <div className="failure-cause">
          <ErrorText error={cause} />
          {lastLines.length > 0 && (
            <pre className="error-details" title="The guest's last log lines">
              {lastLines.join("\n")}
            </pre>
          )}
          {details.length > 0 && (
            <details>
              <summary>Evidence</summary>
              <pre className="error-details">{details.join("\n")}</pre>
            </details>
          )}
          {!isDeleted && <RecordingNote {...build} />}
          {keepsGuest ? (
            <KeptGuest session={session} build={build} />
          ) : (
            <Retries session={session} build={build} isDeleted={isDeleted} canExport={!isDeleted} />
          )}
        </div>
        <LastScreen session={session} />
      </div>
    </section>
  );
}

/** Says that a build was cancelled, which is not a failure, and how to resume it. */
export function CancelledCard({
  session,
  build,
  error,
  isDeleted,
}: Omit<FailureCardProps, "keepsGuest" | "lastLines">) {
  const step = unfinishedStep(build);
  return (
    <section className="card card-quiet" aria-label="Cancelled">
      <h2>
        <CircleSlash size={16} aria-hidden /> Cancelled
      </h2>
      <ErrorText error={describeCancellation(error, step)} />
      {!isDeleted && <RecordingNote {...build} />}
      <Retries session={session} build={build} isDeleted={isDeleted} />
    </section>
  );
}

/** Without evidence, which explains nothing here: the logs have it. */
function describeCancellation({ code, message, advice }: ErrorData, step: string | undefined): ErrorData {
  const where = step === undefined ? "" : ` in the step ${step}`;
  // The usual message says no more than the title.
  const what = message === "interrupted" ? `the build was cancelled${where}` : message;
  return { code, message: what, advice: advice ?? "The old image, if there was one, is as it was." };
}

/** The name of the step in which a build ended. */
function unfinishedStep({ steps }: BuildState): string | undefined {
  const last = steps.at(-1);
  return last && last.finished === undefined ? buildSteps[last.step] : undefined;
}

type PartProps = Pick<FailureCardProps, "session" | "build">;

/** The commands for a kept guest: to look into it, and to release it. */
function KeptGuest({ session, build }: PartProps) {
  return (
    <>
      <p>
        {build.kept?.wasOff
          ? "The guest is kept: it was off, and is started again without its CDs."
          : "The guest is kept: it still runs."}{" "}
        Type into its console to find out why. It holds its memory, and no other build of this image can
        start, until you end it.
      </p>
      <div className="card-actions">
        <Button look="primary" icon={SquareTerminal} onClick={() => showPart({ session, kind: "serial" })}>
          Open its console
        </Button>
        <StopButton
          session={session}
          label="Stop the kept guest"
          busyLabel="Stopping the kept guest…"
          title="Forces the virtual machine off, and ends this build, which has failed. Tinsmith keeps its work for a retry."
        />
        <ExportButton id={session} />
      </div>
    </>
  );
}

/** The ways to try once more, for an image of the library. */
function Retries({
  session,
  build,
  isDeleted,
  canExport = false,
}: Pick<FailureCardProps, "session" | "build" | "isDeleted"> & { readonly canExport?: boolean }) {
  const retry = useRetry(session, build.output);
  const ended = useStore(sessions, (state) =>
    state.value?.find(({ id, status }) => id === session && status !== "running"),
  );
  const { outcome } = build;
  const reusable = outcome.status === "failed" || outcome.status === "cancelled" ? outcome.reusable : [];
  const step = build.steps.at(-1)?.step;
  // The kept work may have been used, or deleted to free space.
  const canRetryStep = reusable.length > 0 && step !== undefined && !isDeleted && ended?.canRetry !== false;
  if (!retry && !canExport) return null;
  return (
    <div className="card-actions">
      {retry && canRetryStep && (
        <Button
          look="primary"
          icon={StepForward}
          disabledReason={retry.obstacle}
          title={`Uses again what was made: ${reusable.map((one) => buildSteps[one]).join(", ")}. Files that you have changed since are used as they are now.`}
          onClick={() => retry.start(session)}
        >
          Retry {buildSteps[step].toLowerCase()}
        </Button>
      )}
      <RetryButton retry={retry} look={canRetryStep ? "plain" : "primary"} />
      {canExport && <ExportButton id={session} look={retry ? "quiet" : "plain"} />}
    </div>
  );
}
