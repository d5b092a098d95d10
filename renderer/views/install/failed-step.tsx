import { CircleX, Pencil, RotateCw, SkipForward, X } from "lucide-react";
import { useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import type { ConsoleName, InstallStep } from "../../../shared/recipe/install-step.ts";
import { describeStep } from "../../../shared/recipe/install-step.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";
import { sessionClient } from "../../client/api-client.ts";
import { perform } from "../../state/commands/commands.ts";
import { Button } from "../../ui/button.tsx";
import { lazyView } from "../../ui/lazy-view.tsx";
import "./failed-step.css";

interface FailedStepProps {
  readonly session: string;
  readonly index: number;
  readonly step: InstallStep;
  /** Its details are the last lines of the console. */
  readonly error: ErrorData;
  readonly console: ConsoleName;
}

// It reads and writes YAML.
const StepEditor = lazyView(async () => (await import("./step-editor.tsx")).StepEditor);

/** A wait that has failed: the text that was expected beside the text that the console shows, and what to do. */
export function FailedStep({ session, index, step, error, console }: FailedStepProps) {
  const [isEdited, setEdited] = useState(false);
  const { run, runFrom, giveUp } = sessionClient(session).install;
  const isOnScreen = step.screen !== undefined || step.region !== undefined || console === "screen";
  const shows = isOnScreen ? "The screen shows" : "The serial console shows";
  return (
    <section className="card card-bad install-failed" aria-label="Failed step">
      <h2>
        <CircleX size={16} aria-hidden /> Step {index + 1}: {capitalizeMessage(error.message)}
      </h2>
      <p>
        The guest runs on, and the build’s time-out stands still. Change the step, or act in the guest and try
        again.
      </p>
      <dl className="install-compared">
        <dt>Expected</dt>
        <dd>
          <pre>{describeStep(step).text}</pre>
        </dd>
        <dt>{shows}</dt>
        <dd>
          <pre>{error.details?.join("\n") || "nothing"}</pre>
        </dd>
      </dl>
      {isEdited ? (
        <StepEditor {...{ session, index, step }} onClose={() => setEdited(false)} />
      ) : (
        <div className="card-actions">
          <Button look="primary" icon={Pencil} onClick={() => setEdited(true)}>
            Change step…
          </Button>
          <Button icon={RotateCw} onClick={() => perform({ run: () => run() })}>
            Try again
          </Button>
          <Button icon={SkipForward} onClick={() => perform({ run: () => runFrom({ index: index + 1 }) })}>
            Skip step
          </Button>
          <Button icon={X} onClick={() => perform({ run: () => giveUp() })}>
            Give up
          </Button>
        </div>
      )}
    </section>
  );
}
