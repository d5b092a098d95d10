import { Hammer, Plus, RefreshCw, Stethoscope } from "lucide-react";
import { useStore } from "zustand";
import type { Finding } from "../../../shared/app/host.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { buildObstacle, requestedBuilds } from "../../state/builds/build-obstacle.ts";
import { chooseSet, useChosenSet } from "../../state/builds/chosen-set.ts";
import { findFirstSet } from "../../state/builds/first-set.ts";
import { startBuild } from "../../state/builds/start-build.ts";
import { runCommand } from "../../state/commands/commands.ts";
import { library, sessions } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { useFindings } from "../doctor/use-findings.ts";

/** Shown until there is an image: the problems of this host, and the button that builds a first image. */
export function FirstStart() {
  const { findings, examine } = useFindings();
  const missing = findings?.filter(({ ok }) => !ok) ?? [];
  return (
    <article className="first-start">
      <h1>Build your first image</h1>
      <section aria-labelledby="first-start-host" aria-busy={!findings}>
        <h2 id="first-start-host">This host</h2>
        {findings ? (
          <Host findings={findings} missing={missing} />
        ) : (
          <ProgressBar label="Checking this host" />
        )}
        <p className="first-start-links">
          {missing.length > 0 && (
            <Button icon={RefreshCw} onClick={() => examine(true)}>
              Check again
            </Button>
          )}
          <Button look="quiet" icon={Stethoscope} onClick={() => runCommand("view.doctor")}>
            Show all checks
          </Button>
        </p>
      </section>
      <FirstBuild isReady={findings !== undefined && missing.length === 0} />
    </article>
  );
}

interface HostProps {
  readonly findings: readonly Finding[];
  readonly missing: readonly Finding[];
}

/** The problems to fix, in the order in which doctor looks; else a note that there are none. */
function Host({ findings, missing }: HostProps) {
  const weak = findings.filter(({ ok, advice }) => ok && advice !== undefined);
  return (
    <>
      {missing.length === 0 ? (
        <p className="first-start-line">
          <StateMark state="good" label="Ready" />
          This host has everything that a build needs.
        </p>
      ) : (
        <>
          <p>
            {formatCount(missing.length, "thing is", "things are")} missing. Fix{" "}
            {missing.length === 1 ? "it" : "them in this order"}, then check again.
          </p>
          <ol className="first-start-missing">
            {missing.map(({ subject, text, advice }) => (
              <li key={subject}>
                <h3>{subject}</h3>
                <p>{text}</p>
                {advice && <p className="first-start-advice">{advice}</p>}
              </li>
            ))}
          </ol>
        </>
      )}
      {weak.length > 0 && (
        <p className="first-start-line">
          <StateMark state="warn" label="Optional" />
          <span>Optional improvements: {weak.map(({ subject }) => subject).join(", ")}.</span>
        </p>
      )}
    </>
  );
}

/** @param isReady whether nothing is missing for a build */
function FirstBuild({ isReady }: { readonly isReady: boolean }) {
  const chosen = useChosenSet();
  const sets = useStore(library, ({ value }) => value?.sets) ?? [];
  const set = findFirstSet(sets, chosen);
  const find = () => set && buildObstacle(set, "worker");
  useStore(requestedBuilds, find);
  const obstacle = useStore(sessions, find);
  if (!set)
    return (
      <section>
        <p>An image is built from an image set: a folder with a recipe. Create one first.</p>
        <Button look="primary" icon={Plus} onClick={() => runCommand("library.new-set")}>
          New image set
        </Button>
      </section>
    );
  return (
    <section aria-labelledby="first-start-set">
      <h2 id="first-start-set">Image set {set.name}</h2>
      <p>
        Tinsmith boots an installer in a virtual machine and builds the setup image, then builds the worker
        image from it. You can watch every step here.
      </p>
      <Button
        look={isReady ? "primary" : "plain"}
        icon={Hammer}
        className="first-start-build"
        disabledReason={obstacle}
        onClick={() => {
          chooseSet(set.folder);
          void startBuild(set, "worker");
        }}
      >
        Build your first image
      </Button>
    </section>
  );
}
