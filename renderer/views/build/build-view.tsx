import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { failedStep, type InstallState } from "../../../shared/recipe/install-state.ts";
import type { BuildState } from "../../../shared/session/build.ts";
import { buildView, lastGuestLines } from "../../state/builds/build-view.ts";
import { followBuild } from "../../state/builds/follow-build.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { type SessionLife, useSessionLife } from "../../state/sessions/session-life.ts";
import { useNow } from "../../ui/use-now.ts";
import { FailedStep } from "../install/failed-step.tsx";
import { RecordingNote } from "../install/recording-note.tsx";
import { GoneCard } from "../session/gone-card.tsx";
import { RuleUses } from "../session/rule-uses.tsx";
import { BuildHead } from "./build-head.tsx";
import { BuildWork } from "./build-work.tsx";
import "../../ui/card.css";
import "../../ui/session-tab.css";
import "./build.css";
import { CancelledCard, FailureCard } from "./failure-card.tsx";
import { QuestionCard } from "./question-card.tsx";
import { ResultCard } from "./result-card.tsx";
import { RetryButton, useRetry } from "./retry.tsx";

/** One build: its steps with live times, the output of guest and host, and its end. */
export function BuildView({ session }: { readonly session: string }) {
  const store = buildView(session);
  const view = useStore(store, (state) => state);
  const { build } = view;
  useEffect(() => followBuild(session), [session]);
  const life = useSessionLife(session);
  const isRunning = build.outcome.status === "running" && (life === "running" || life === "unknown");
  const isWorking = isRunning && !build.kept;
  const clock = useNow(isWorking);
  // The time of the last thing that one that was killed has told of.
  const ended = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.ended);
  const now = isRunning ? clock : (ended ?? clock);
  const lastLines = useMemo(() => lastGuestLines(view), [view]);
  return (
    <article className="session-tab build" aria-label={build.title || "Build"}>
      <BuildHead session={session} build={build} isWorking={isWorking} now={now} />
      {isRunning && build.question !== undefined && (
        <QuestionCard session={session} question={build.question} />
      )}
      {isWorking && build.install && <FailedInstall session={session} install={build.install} />}
      <Outcome session={session} build={build} life={life} lastLines={lastLines} />
      <BuildWork session={session} view={view} isRunning={isRunning} isWorking={isWorking} now={now} />
    </article>
  );
}

function FailedInstall({ session, install }: { readonly session: string; readonly install: InstallState }) {
  const failed = failedStep(install);
  if (!failed?.error) return null;
  const { step, error } = failed;
  return <FailedStep {...{ session, step, error }} index={install.next} console={install.console} />;
}

interface OutcomeProps {
  readonly session: string;
  readonly build: BuildState;
  readonly life: SessionLife;
  readonly lastLines: readonly string[];
}

function Outcome({ session, build, life, lastLines }: OutcomeProps) {
  const { outcome, kept } = build;
  const isGone = life === "killed" || life === "deleted";
  const card = { session, build, lastLines, isDeleted: life === "deleted" };
  return (
    <>
      {isGone && <GoneBuild session={session} build={build} life={life} />}
      {outcome.status === "succeeded" && (
        <ResultCard result={outcome.result} milliseconds={outcome.finished - build.started} />
      )}
      {outcome.status === "failed" && <FailureCard {...card} error={outcome.error} keepsGuest={false} />}
      {outcome.status === "cancelled" && <CancelledCard {...card} error={outcome.error} />}
      {outcome.status !== "running" && <RuleUses rules={outcome.rules} />}
      {kept && <FailureCard {...card} error={kept.error} keepsGuest={!isGone} />}
    </>
  );
}

function GoneBuild({
  session,
  build,
  life,
}: Pick<OutcomeProps, "session" | "build"> & { readonly life: "killed" | "deleted" }) {
  const retry = useRetry(session, build.output);
  const isUnfinished = build.outcome.status === "running";
  return (
    <GoneCard
      session={session}
      life={life}
      note={
        isUnfinished ? "The old image, if there was one, is as it was." : "Images that it built are kept."
      }
      details={isUnfinished && life === "killed" && <RecordingNote {...build} />}
    >
      {isUnfinished && !build.kept && <RetryButton retry={retry} />}
    </GoneCard>
  );
}
