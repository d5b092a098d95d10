import type { TaskBarProgress } from "../../shared/desktop-contract.ts";
import type { ImageSet } from "../../shared/library.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import type { Desktop } from "../desktop.ts";
import { library, sessions } from "./app-state.ts";
import { findSlot } from "./find-slot.ts";
import { sayError } from "./toasts.ts";

/** How often the progress is shown anew, in milliseconds. */
const interval = 1_000;
/** A build that takes longer than the last one is nearly done. */
const nearlyDone = 0.98;

/** Shows on the task bar how far the builds are. @returns what ends that */
export function showTaskBarProgress({ api }: Desktop): () => void {
  let shown: TaskBarProgress = "none";
  const show = () => {
    const progress = progressOf(
      sessions.getState().value ?? [],
      library.getState().value?.sets ?? [],
      Date.now(),
    );
    if (progress === shown) return;
    shown = progress;
    api.showProgress({ progress }).catch(sayError);
  };
  const unsubscribe = sessions.subscribe(show);
  const timer = setInterval(show, interval);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}

/**
 * How far the builds that run are, all together, by how long the last ones of the same images took.
 *
 * @param now milliseconds since the epoch
 */
export function progressOf(
  all: readonly SessionSummary[],
  sets: readonly ImageSet[],
  now: number,
): TaskBarProgress {
  const builds = all.filter(({ kind, status }) => kind === "build" && status === "running");
  if (builds.length === 0) return "none";
  const fractions = builds.map(({ output = "", started }) => {
    const expected = findSlot(sets, output)?.slot.archive?.record?.milliseconds;
    return expected ? Math.min(Math.max(0, now - started) / expected, nearlyDone) : undefined;
  });
  const known = fractions.filter((fraction) => fraction !== undefined);
  if (known.length < fractions.length) return "unknown";
  return known.reduce((sum, fraction) => sum + fraction, 0) / known.length;
}
