import { useEffect, useRef, useState } from "react";
import { app } from "../../client/api-client.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { useIsRunning } from "../../state/sessions/use-is-running.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";

interface ReplaceToolsDialogProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Asks once, then replaces the guest tools of a running guest; closing it meanwhile cancels that. */
export function ReplaceToolsDialog({ session, onClose }: ReplaceToolsDialogProps) {
  const asked = useRef<AbortController>(null);
  const [step, setStep] = useState<string>();
  useEffect(() => () => asked.current?.abort(), []);
  const isRunning = useIsRunning(session);
  const replace = async () => {
    const controller = new AbortController();
    asked.current = controller;
    try {
      const steps = await app().sessions.replaceTools({ session }, { signal: controller.signal });
      for await (const text of steps) setStep(text);
      sayDone("The new guest tools have started.");
    } catch (error) {
      // Closing the dialog cancels it.
      if (!controller.signal.aborted) throw error;
    } finally {
      setStep(undefined);
    }
  };
  return (
    <FormDialog
      title="Replace the guest tools?"
      description="Tinsmith builds the guest tools by the recipe beside the image, copies them into the guest, and restarts them. They end the task and run it again. The image does not change."
      action="Replace guest tools"
      look="danger"
      obstacle={isRunning ? undefined : "The run has ended."}
      onSubmit={replace}
      onClose={onClose}
    >
      {step && (
        <div role="status">
          <p>{step}</p>
          <ProgressBar label="Replacing the guest tools" fraction={undefined} />
        </div>
      )}
    </FormDialog>
  );
}
