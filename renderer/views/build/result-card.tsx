import { CircleCheck, Copy, FolderOpen, FolderTree, Hammer, Play } from "lucide-react";
import { useStore } from "zustand";
import { describeGrowth } from "../../../shared/contents/growth.ts";
import type { ImageSet } from "../../../shared/library/library.ts";
import type { BuildResult } from "../../../shared/session/build.ts";
import { formatBytes, formatDigest, formatDuration } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { useBuildObstacle } from "../../state/builds/build-obstacle.ts";
import { findSlot } from "../../state/builds/find-slot.ts";
import { startBuild } from "../../state/builds/start-build.ts";
import { library } from "../../state/connection/app-state.ts";
import { showImage } from "../../state/layout/panels.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone, sayError } from "../../state/messages/notices.ts";
import { Button, IconButton } from "../../ui/button.tsx";

interface ResultCardProps {
  readonly result: BuildResult;
  readonly milliseconds: number;
}

/** The result of a build, and the next step: a worker image is built from a setup image, and is run itself. */
export function ResultCard({ result, milliseconds }: ResultCardProps) {
  const sets = useStore(library, (state) => state.value?.sets);
  const found = findSlot(sets ?? [], result.path);
  const setup = found?.image === "setup" ? found.set : undefined;
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
        {result.growth && (
          <>
            <dt>Changes</dt>
            <dd>{describeGrowth(result.growth)}</dd>
          </>
        )}
        <dt>SHA-256</dt>
        <dd className="mono">
          {formatDigest(result.digest)}{" "}
          <IconButton icon={Copy} label="Copy the digest" onClick={() => void copyDigest()} />
        </dd>
      </dl>
      <div className="card-actions">
        {setup && <WorkerButton set={setup} />}
        <Button
          look={setup ? "plain" : "primary"}
          icon={Play}
          onClick={() => openDialog({ name: "run", archive: result.path })}
        >
          Run…
        </Button>
        <Button icon={FolderTree} onClick={() => showImage(result.path)}>
          Look inside
        </Button>
        <Button icon={FolderOpen} onClick={() => void app().reveal({ path: result.path }).catch(sayError)}>
          Show archive
        </Button>
      </div>
    </section>
  );
}

function WorkerButton({ set }: { readonly set: ImageSet }) {
  const obstacle = useBuildObstacle(set, "worker");
  return (
    <Button
      look="primary"
      icon={Hammer}
      disabledReason={obstacle}
      onClick={() => void startBuild(set, "worker")}
    >
      Rebuild worker
    </Button>
  );
}
