import { CircleCheck, Copy, FolderOpen, Play } from "lucide-react";
import type { BuildResult } from "../../../shared/build.ts";
import { formatBytes, formatDuration } from "../../../shared/format.ts";
import { app } from "../../api-client.ts";
import { openDialog } from "../../state/dialogs.ts";
import { sayDone, sayError } from "../../state/toasts.ts";
import { Button, IconButton } from "../../ui/button.tsx";

interface ResultCardProps {
  readonly result: BuildResult;
  readonly milliseconds: number;
}

/** What a build has made, and what to do with it. */
export function ResultCard({ result, milliseconds }: ResultCardProps) {
  const copyDigest = async () => {
    await navigator.clipboard.writeText(result.digest);
    sayDone("The digest is on the clipboard.");
  };
  return (
    <section className="card card-good" aria-label="Result">
      <h2>
        <CircleCheck size={16} aria-hidden /> Built in {formatDuration(milliseconds)}
      </h2>
      <dl>
        <dt>Archive</dt>
        <dd className="mono">{result.path}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(result.size)}</dd>
        <dt>SHA-256</dt>
        <dd className="mono">
          {result.digest.slice(0, 16)}…{" "}
          <IconButton icon={Copy} label="Copy the digest" onClick={() => void copyDigest()} />
        </dd>
        <dt>Time</dt>
        <dd>
          the guest {formatDuration(result.guestMilliseconds)}, all else{" "}
          {formatDuration(milliseconds - result.guestMilliseconds)}
        </dd>
      </dl>
      <div className="card-actions">
        <Button look="primary" icon={Play} onClick={() => openDialog({ name: "run", archive: result.path })}>
          Run…
        </Button>
        <Button icon={FolderOpen} onClick={() => void app().reveal({ path: result.path }).catch(sayError)}>
          Open its folder
        </Button>
      </div>
    </section>
  );
}
