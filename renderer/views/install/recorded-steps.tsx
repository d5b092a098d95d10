import { Clapperboard, Save } from "lucide-react";
import { useState } from "react";
import type { BuildView } from "../../state/builds/build-view.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { FilmPicture, FilmStrip } from "./film-strip.tsx";
import { RecordedRow } from "./recorded-row.tsx";
import { useRecordedScript } from "./use-recorded-script.ts";
import "./install-steps.css";

interface RecordedStepsProps {
  readonly session: string;
  /** The archive that the installation makes. */
  readonly output: string;
  /** The pictures of the guest's screen. */
  readonly pictures: BuildView["pictures"];
  /** Whether the session is running. */
  readonly isRecording: boolean;
}

/** The install steps that an installation by hand becomes, as it is recorded. */
export function RecordedSteps({ session, output, pictures, isRecording }: RecordedStepsProps) {
  const script = useRecordedScript(session);
  const steps = script?.steps ?? [];
  const [picked, setPicked] = useState<string>();
  if (steps.length === 0)
    return (
      <EmptyState icon={Clapperboard} title={isRecording ? "No steps yet" : "No steps"}>
        <p>
          {isRecording
            ? "Each line that you type, and each key and CD, becomes a step here, with a text to wait for before it."
            : "Nothing was typed in this installation, or its recording can’t be read."}
        </p>
      </EmptyState>
    );
  return (
    <section className="install" aria-label="Recorded steps">
      <div className="install-bar">
        <Button icon={Save} onClick={() => openDialog({ name: "save-steps", session, output })}>
          Save steps…
        </Button>
        <span className="install-sees">
          {script?.console === "screen" ? "On the screen" : "On the serial console"}
        </span>
      </div>
      <FilmStrip {...{ session, steps, pictures, picked }} onPick={setPicked} />
      <div className="film-steps">
        <ol className="install-list">
          {steps.map((step, index) => (
            <RecordedRow
              key={step.id}
              {...{ session, step }}
              number={index + 1}
              canAct={isRecording}
              isPicked={picked === step.id}
            />
          ))}
        </ol>
        <FilmPicture {...{ session, steps, pictures, picked }} />
      </div>
    </section>
  );
}
