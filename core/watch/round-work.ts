import type { WatchPlan } from "../../shared/contracts/plan.ts";
import type { RoundPhase, WatchEvent } from "../../shared/watch/watch.ts";
import { requestStop, type StopRequest } from "../async/process-end.ts";
import type { Report } from "../session-record/report.ts";
import { roundName } from "../session-record/round-mark.ts";
import type { Paths } from "../storage/paths.ts";
import type { Round } from "./rounds.ts";
import { stoppedByPerson } from "./verdicts.ts";
import type { WarmBase } from "./warm-base.ts";

/** The means of all rounds of a watch. */
export interface RoundContext {
  readonly plan: WatchPlan;
  readonly paths: Paths;
  readonly base: WarmBase;
  readonly report: Report<WatchEvent>;
  /** The id of the watch's session. */
  readonly session: string;
}

/** A part of a round, whose sessions a person may stop: that ends the part, and not the watch. */
export function startWork(
  { number: round }: Round,
  signal: AbortSignal,
  { report, session: watch }: Pick<RoundContext, "report" | "session">,
) {
  const controller = new AbortController();
  let last: string | undefined;
  const stop = (request: StopRequest) => {
    // Nothing of this process is waited for then.
    if (request.isForced) requestStop(request);
    else controller.abort(stoppedByPerson());
  };
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    part: { round: roundName(watch, round), stop },
    /** Tells that a session of this part has begun. */
    begin: (phase: RoundPhase, session: string, title: string) => {
      last = session;
      report({ type: "round-session", round, phase, session, title });
    },
    /** The newest session of this part. */
    session: () => last,
  };
}
