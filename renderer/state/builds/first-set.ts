import type { ImageSet, Library } from "../../../shared/library/library.ts";
import { buildObstacle } from "./build-obstacle.ts";

/** Whether there is an image, built here or imported. */
export function hasImage({ sets, archives }: Library): boolean {
  return archives.length > 0 || sets.some(({ setup, worker }) => setup.archive || worker.archive);
}

/** The image set that a first image is built of: the chosen one, unless another one can be built and that one can't. */
export function findFirstSet(sets: readonly ImageSet[], chosen: ImageSet | undefined): ImageSet | undefined {
  const canBuild = (set: ImageSet) => buildObstacle(set, "worker") === undefined;
  if (chosen && (canBuild(chosen) || isBuilding(chosen))) return chosen;
  return sets.find((set) => canBuild(set)) ?? chosen ?? sets[0];
}

function isBuilding({ setup, worker }: ImageSet): boolean {
  return setup.building !== undefined || worker.building !== undefined;
}
