import { BadgeCheck, ScrollText, X } from "lucide-react";
import { app } from "../../../client/api-client.ts";
import { useAnswer } from "../../../state/contents/use-answer.ts";
import { useVerification } from "../../../state/contents/use-verification.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorText } from "../../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { ManifestFacts } from "./manifest-facts.tsx";
import { VerifyResult } from "./verify-result.tsx";
import "./manifest.css";

/** The manifest of an image: how it was made, and of what; and whether the image is still as it says. */
export function ManifestView({ image }: { readonly image: string }) {
  const { result, error, askAgain } = useAnswer(image, async (signal) => ({
    manifest: await app().contents.manifest({ image }, { signal }),
  }));
  const { state, start, cancel } = useVerification(image);
  const isRunning = state.status === "running";
  return (
    <article className="entry-detail" aria-label="Manifest">
      <header className="entry-head">
        <ScrollText size={16} aria-hidden />
        <h2>Manifest</h2>
        {result?.manifest && (
          <Button
            icon={isRunning ? X : BadgeCheck}
            hint={
              isRunning
                ? undefined
                : "Reads all of the image again, and compares it with its manifest, and its inputs with those on disk."
            }
            onClick={() => (isRunning ? cancel() : void start())}
          >
            {isRunning ? "Cancel verification" : "Verify image"}
          </Button>
        )}
      </header>
      {error && (
        <div className="image-error" role="alert">
          <ErrorText error={error} />
          <Button onClick={askAgain}>Try again</Button>
        </div>
      )}
      {!result && !error && <ProgressBar label="Reading the manifest" />}
      {result && !result.manifest && (
        <p className="entry-note">
          This image has no manifest. Tinsmith writes one beside each archive that it makes.
        </p>
      )}
      {isRunning && <ProgressBar label="Verifying the image" />}
      {state.error && (
        <div className="image-error" role="alert">
          <ErrorText error={state.error} />
        </div>
      )}
      {state.result && <VerifyResult verification={state.result} />}
      {result?.manifest && <ManifestFacts manifest={result.manifest} />}
    </article>
  );
}
