import type { ImageSlot } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";

/** The last build of an image, if that has failed and no other one is under way. */
export function findFailedBuild(
  sessions: readonly SessionSummary[],
  { path, building }: Pick<ImageSlot, "path" | "building">,
): SessionSummary | undefined {
  if (building !== undefined) return undefined;
  let last: SessionSummary | undefined;
  for (const session of sessions)
    if (session.output === path && session.started >= (last?.started ?? 0)) last = session;
  return last?.status === "failed" ? last : undefined;
}
