import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import { createReport, type Report } from "../../core/session-record/report.ts";
import type { Paths } from "../../core/storage/paths.ts";
import type { WatchPlan } from "../../shared/contracts/plan.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import type { Verdict, VerdictKind, WatchEvent } from "../../shared/watch/watch.ts";

/** A watch whose events a test makes. */
export interface ScriptedWatch {
  readonly session: ServedSession;
  readonly plan: WatchPlan;
  /** How often the window has asked for another round. */
  forced(): number;
  /** Begins the next round. */
  round(...changed: readonly string[]): void;
  /** Tells a verdict of the round; `after`: milliseconds. */
  judge(kind: VerdictKind, after: number, verdict: Partial<Verdict>): void;
  readonly report: Report<WatchEvent>;
  /** The number of the newest round. */
  number(): number;
  stop(): Promise<void>;
  fail(error: ErrorData): Promise<void>;
}

/** Begins a watch as another process would. */
export async function beginWatch(paths: Paths, plan: WatchPlan): Promise<ScriptedWatch> {
  const title = "Watch of microcore";
  const session = await openServedSession(paths, { title, kind: "watch" });
  const report = createReport<WatchEvent>(session.record);
  let forced = 0;
  const control = session.rounds.provide({
    force: () => {
      forced += 1;
    },
  });
  report({
    ...{ type: "watch-started", kind: "watch", title, set: plan.folder },
    ...{ session: session.id, folder: session.paths.folder },
    check: plan.task?.command.at(-1) ?? "",
  });
  let number = 0;
  let hasEnded = false;
  const end = async (event: Parameters<typeof report>[0]) => {
    if (hasEnded) return;
    hasEnded = true;
    report(event);
    control[Symbol.dispose]();
    await session[Symbol.asyncDispose]();
  };
  return {
    session,
    plan,
    report,
    forced: () => forced,
    number: () => number,
    round: (...changed) => {
      number += 1;
      const reason = changed.length > 0 ? "change" : "start";
      report({ type: "round-started", round: number, reason, changed, saved: Date.now() });
    },
    judge: (kind, after, verdict) =>
      report({
        ...{ type: "verdict", round: number, kind, after },
        ...{ outcome: "passed", text: "the task succeeded", lines: [], ...verdict },
      }),
    stop: () => end({ type: "watch-ended" }),
    fail: (error) => end({ type: "watch-failed", error }),
  };
}
