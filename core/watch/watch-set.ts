import { basename } from "node:path";
import type { WatchPlan } from "../../shared/contracts/plan.ts";
import { isCancellation } from "../../shared/errors/error-data.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { commandText } from "../../shared/session/session-name.ts";
import type { WatchEvent } from "../../shared/watch/watch.ts";
import { causeOfFailure } from "../async/abort.ts";
import { beforeForcedStop, stoppedByForce } from "../async/process-end.ts";
import { readImageSet } from "../image-set/image-set.ts";
import { readScenario } from "../scenario/read-scenario.ts";
import type { RoundControl } from "../session/live/live-rounds.ts";
import { openServedSession } from "../session/serve/served-session.ts";
import { createReport } from "../session-record/report.ts";
import type { Paths } from "../storage/paths.ts";
import { performRound } from "./perform-round.ts";
import { createRounds } from "./rounds.ts";
import { watchSources } from "./source-watch.ts";
import { createWarmBase } from "./warm-base.ts";
import { createSourceFinder, createWatchedFiles } from "./watched-files.ts";

interface WatchContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
  /** Called with the rounds when they begin. */
  readonly onRounds?: ((rounds: RoundControl) => void) | undefined;
}

/**
 * Watches the sources of an image set, and checks each change, in a session of its own, until the signal aborts. A person who
 * quits the watch ends it well, whatever its last verdict was.
 *
 * @throws AppError as `readImageSet` and `readScenario` do, before it begins; the signal's reason if that is not a person's
 */
export async function watchSet(
  plan: WatchPlan,
  { paths, signal, onEvent, onRounds }: WatchContext,
): Promise<void> {
  const { folder, scenarios = [] } = plan;
  readImageSet(folder);
  const names = scenarios.map((file) => readScenario(file).name);
  const title = `Watch of ${basename(folder)}`;
  await using session = await openServedSession(paths, { title, kind: "watch" });
  const report = createReport<WatchEvent>(session.record, onEvent);
  report({
    ...{ type: "watch-started", kind: "watch", title, set: folder },
    ...{ session: session.id, folder: session.paths.folder },
    check: plan.task ? commandText(plan.task.command) : names.join(", "),
  });
  for (const note of session.cleared) report({ type: "note", ...note });
  const fail = (thrown: unknown) => {
    const error = causeOfFailure(thrown, signal);
    report({ type: "watch-failed", error: error.toJSON() });
    return error;
  };
  try {
    using _lastAct = beforeForcedStop("the watch", () => fail(stoppedByForce()));
    await using base = createWarmBase({ ...plan, paths, session });
    const rounds = createRounds({
      perform: (round, own) => performRound(round, own, { plan, paths, base, report, session: session.id }),
      onOvertaken: ({ number }) => report({ type: "round-overtaken", round: number }),
    });
    const force = () => rounds.add({ reason: "forced", changed: [], saved: Date.now() });
    using _control = session.rounds.provide({ force });
    onRounds?.({ force });
    const ended = new AbortController();
    const own = AbortSignal.any([signal, ended.signal]);
    const follow = async () => {
      const files = createWatchedFiles(folder, createSourceFinder({ folder, scenarios }));
      const begin = () => rounds.add({ reason: "start", changed: [], saved: Date.now() });
      for await (const change of watchSources(files, own, begin)) rounds.add({ reason: "change", ...change });
    };
    // If one of them fails, the other one ends in order before the session does.
    const works = [rounds.run(own), follow()].map((work) => work.finally(() => ended.abort(watchEnded())));
    await Promise.allSettled(works);
    await Promise.all(works);
    if (signal.aborted && !isCancellation(toAppError(signal.reason))) throw signal.reason;
    report({ type: "watch-ended" });
  } catch (thrown) {
    throw fail(thrown);
  }
}

/** The reason with which the rest of a watch is aborted when a part of it has ended. */
function watchEnded(): AppError {
  return new AppError({ code: "interrupted", message: "the watch has ended" });
}
