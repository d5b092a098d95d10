import type { ImageSet } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { findSlot } from "./find-slot.ts";

/** Those of the sessions that can be built again: builds of the library's images that no later build has replaced. */
export function findEndedBuilds(
  ids: readonly string[],
  sessions: readonly SessionSummary[],
  sets: readonly ImageSet[],
): readonly SessionSummary[] {
  return sessions.filter(
    ({ id, kind, status, output, started }) =>
      ids.includes(id) &&
      kind === "build" &&
      (status === "failed" || status === "cancelled" || status === "killed") &&
      output !== undefined &&
      findSlot(sets, output) !== undefined &&
      !sessions.some((later) => later.output === output && later.started > started),
  );
}
