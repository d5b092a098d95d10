import { requireSpace, type SpaceNeed } from "../files/free-space.ts";
import type { Paths } from "../storage/paths.ts";
import { makeRoom } from "./cache-budget.ts";

/**
 * Refuses work that can't fit, after the cache has made room for it as far as it can.
 *
 * @param work what needs the space, as the subject of a sentence.
 * @throws AppError `no-space` with the figures.
 */
export async function requireSpaceBesideCache(
  paths: Paths,
  work: string,
  needs: readonly SpaceNeed[],
): Promise<void> {
  const bytes = needs.reduce((sum, need) => sum + need.bytes, 0);
  await requireSpace(work, needs).catch(() => makeRoom(paths, { bytes }));
  await requireSpace(work, needs);
}
