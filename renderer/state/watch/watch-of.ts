import type { ImageSet } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";

/** The watch that runs for an image set. */
export function watchOf(set: Pick<ImageSet, "folder"> | undefined): SessionSummary | undefined {
  const all = sessions.getState().value ?? [];
  return all.find(({ status, watch }) => set && status === "running" && watch?.set === set.folder);
}
