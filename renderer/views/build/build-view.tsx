import { lazy, Suspense, useEffect } from "react";
import type { BuildState } from "../../../shared/build.ts";
import { followBuild } from "../../state/follow-build.ts";
import { buildView } from "../../state/session-view.ts";
import { useStore } from "../../state/store.ts";
import { useNow } from "../../ui/use-now.ts";
import { BuildHead } from "./build-head.tsx";
import { BuildLog } from "./build-log.tsx";
import "../../ui/card.css";
import "./build.css";
import { FailureCard } from "./failure-card.tsx";
import { QuestionCard } from "./question-card.tsx";
import { ResultCard } from "./result-card.tsx";
import { StepList } from "./step-list.tsx";

// A terminal is a third of all scripts, and the steps can be seen before it is there.
const HostTerminal = lazy(async () => ({ default: (await import("./host-terminal.tsx")).HostTerminal }));

/** One build: its steps with live times, what guest and host say, and how it ended. */
export function BuildView({ session }: { readonly session: string }) {
  const store = buildView(session);
  const { build, lines } = useStore(store, (state) => state);
  useEffect(() => followBuild(session), [session]);
  const isRunning = build.outcome.status === "running";
  const now = useNow(isRunning && !build.kept);
  return (
    <article className="build" aria-label={build.title || "Build"}>
      <BuildHead session={session} build={build} now={now} />
      {build.question !== undefined && <QuestionCard session={session} question={build.question} />}
      <Outcome session={session} build={build} />
      <div className="build-work">
        <StepList build={build} now={now} />
        <section className="build-host" aria-label="Commands on this host">
          <h2>On this host</h2>
          <Suspense>
            <HostTerminal session={session} />
          </Suspense>
        </section>
      </div>
      <BuildLog lines={lines} isRunning={isRunning} />
    </article>
  );
}

function Outcome({ session, build }: { readonly session: string; readonly build: BuildState }) {
  const { outcome, kept } = build;
  if (outcome.status === "succeeded")
    return <ResultCard result={outcome.result} milliseconds={outcome.finished - build.started} />;
  const error = outcome.status === "failed" ? outcome.error : kept?.error;
  return error ? <FailureCard session={session} build={build} error={error} /> : null;
}
