import { useEffect } from "react";
import type { BuildState } from "../../../shared/build.ts";
import { followBuild } from "../../state/follow-build.ts";
import { buildView } from "../../state/session-view.ts";
import { useStore } from "../../state/store.ts";
import { BuildHead } from "./build-head.tsx";
import { BuildLog } from "./build-log.tsx";
import "./build.css";
import { FailureCard } from "./failure-card.tsx";
import { QuestionCard } from "./question-card.tsx";
import { ResultCard } from "./result-card.tsx";
import { StepList } from "./step-list.tsx";

/** One build: its steps with live times, what guest and host say, and how it ended. */
export function BuildView({ session }: { readonly session: string }) {
  const store = buildView(session);
  const { build, lines } = useStore(store, (state) => state);
  useEffect(() => followBuild(session), [session]);
  return (
    <article className="build" aria-label={build.title || "Build"}>
      <BuildHead session={session} build={build} />
      <StepList build={build} />
      {build.question !== undefined && <QuestionCard session={session} question={build.question} />}
      <Outcome session={session} build={build} />
      <BuildLog lines={lines} isRunning={build.outcome.status === "running"} />
    </article>
  );
}

function Outcome({ session, build }: { readonly session: string; readonly build: BuildState }) {
  const { outcome } = build;
  if (outcome.status === "succeeded")
    return (
      <ResultCard session={session} result={outcome.result} milliseconds={outcome.finished - build.started} />
    );
  if (outcome.status === "failed")
    return <FailureCard session={session} build={build} error={outcome.error} />;
  return null;
}
