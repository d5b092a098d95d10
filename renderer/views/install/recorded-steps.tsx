import { Clapperboard, Play, Save } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { InstallChoices } from "../../../shared/recipe/install-choices.ts";
import type { BuildView } from "../../state/builds/build-view.ts";
import { withStepsFile } from "../../state/builds/install-form.ts";
import { library } from "../../state/connection/app-state.ts";
import { fileName } from "../../state/files/file-name.ts";
import { savedSteps } from "../../state/install/saved-steps.ts";
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
  /** The choices for it. */
  readonly choices: InstallChoices;
  /** The pictures of the guest's screen. */
  readonly pictures: BuildView["pictures"];
  /** Whether the session is running. */
  readonly isRecording: boolean;
}

/** The install steps that an installation by hand becomes, as it is recorded. */
export function RecordedSteps({ session, output, choices, pictures, isRecording }: RecordedStepsProps) {
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
        <Button icon={Save} onClick={() => openDialog({ name: "save-steps", session, output, choices })}>
          Save steps…
        </Button>
        <ProveButton {...{ session, output }} />
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

/** Offers to install once more by the steps that were saved last. */
function ProveButton({ session, output }: Pick<RecordedStepsProps, "session" | "output">) {
  const steps = useStore(savedSteps, (all) => all[session]);
  const set = useStore(library, ({ value }) => value?.sets.find(({ setup }) => setup.path === output));
  if (steps === undefined || !set) return null;
  return (
    <Button
      icon={Play}
      hint={`Installs on a new disk by the steps of ${fileName(steps)}`}
      onClick={() => openDialog({ name: "install", set: withStepsFile(set, steps), steps })}
    >
      Prove the steps…
    </Button>
  );
}
