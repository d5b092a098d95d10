import {
  type ImageKind,
  type ImageSet,
  type ImageSlot,
  imageKinds,
} from "../../../shared/library/library.ts";

/** The place of an archive: the image of an image set. */
interface FoundSlot {
  readonly set: ImageSet;
  readonly image: ImageKind;
  readonly slot: ImageSlot;
}

/** Whether an image set has rules, which apply to a session if a person wants that. */
export function hasRules({ files }: Pick<ImageSet, "files">): boolean {
  return files.some(({ kind }) => kind === "rules");
}

/** Finds the image that is written to a path; undefined for an archive of no set. */
export function findSlot(sets: readonly ImageSet[], path: string): FoundSlot | undefined {
  for (const set of sets)
    for (const image of imageKinds) if (set[image].path === path) return { set, image, slot: set[image] };
  return undefined;
}
