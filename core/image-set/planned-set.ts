import { relative } from "node:path";
import type { RebuildPlan } from "../../shared/contracts/plan.ts";
import { type ImageSet, readImageSet, requireTwoFiles } from "./image-set.ts";

/** The part of a plan that decides which archives its image set has, and which guest tools. */
type PlannedPlaces = Pick<RebuildPlan, "folder" | "image" | "output" | "setupImage" | "guestTools">;

/**
 * Reads the image set of a plan, with the archives and the guest tools that the plan names in place of the set's own.
 *
 * @throws AppError as `readImageSet` does, also if both archives are one file
 */
export function readPlannedSet({ folder, image, output, setupImage, guestTools }: PlannedPlaces): ImageSet {
  const set = readImageSet(folder);
  const planned: ImageSet = {
    ...set,
    ...(setupImage !== undefined && { setupImage }),
    ...(output !== undefined && (image === "setup" ? { setupImage: output } : { workerImage: output })),
    // A path in the folder is the same wherever the folder is, and so is the digest of a recipe with it.
    ...(guestTools && {
      recipe: {
        ...set.recipe,
        guestTools: { binary: relative(set.folder, guestTools.binary), run: guestTools.run },
      },
    }),
  };
  requireTwoFiles(planned.setupImage, planned.workerImage);
  return planned;
}
