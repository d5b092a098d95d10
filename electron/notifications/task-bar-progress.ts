import type { BrowserWindow } from "electron";
import type { ImageSet } from "../../shared/library/library.ts";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import { type BuildProgress, progressOf } from "./build-progress.ts";

/** The interval of updates of the progress, in milliseconds. */
const interval = 1_000;

interface ProgressSource {
  /** All sessions, whenever they have changed. */
  readonly sessions: AsyncIterable<readonly SessionSummary[]>;
  /** All image sets, whenever they have changed. */
  readonly sets: AsyncIterable<readonly ImageSet[]>;
}

/** Shows on the task bar how far the builds are. The page can't do that: its timers are throttled while the window is minimized. */
export async function showTaskBarProgress(
  window: BrowserWindow,
  { sessions, sets }: ProgressSource,
): Promise<void> {
  let nowSessions: readonly SessionSummary[] = [];
  let nowSets: readonly ImageSet[] = [];
  let shown: BuildProgress = "none";
  const show = () => {
    const progress = progressOf(nowSessions, nowSets, Date.now());
    if (progress === shown || window.isDestroyed()) return;
    shown = progress;
    // Below 0 it is hidden, above 1 it shows that something is in progress.
    window.setProgressBar(typeof progress === "number" ? progress : progress === "none" ? -1 : 2);
  };
  const timer = setInterval(show, interval);
  window.once("closed", () => clearInterval(timer));
  const followSets = async () => {
    for await (nowSets of sets) show();
  };
  const followSessions = async () => {
    for await (nowSessions of sessions) show();
  };
  await Promise.all([followSets(), followSessions()]);
}
