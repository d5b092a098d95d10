import type { ChangeKind, FileChange, ImageComparison } from "../../../shared/contents/compare-lists.ts";

/** A comparison of two images as one of the second with the first. */
export function swapComparison({ comparison, problems }: ImageComparison): ImageComparison {
  const { changes, growth } = comparison;
  return { comparison: { ...comparison, changes: changes.map(swapChange), growth: -growth }, problems };
}

function swapChange({ before, after, change, ...rest }: FileChange): FileChange {
  return {
    ...rest,
    change: swapKind(change),
    ...(after && { before: after }),
    ...(before && { after: before }),
  };
}

function swapKind(kind: ChangeKind): ChangeKind {
  if (kind === "added") return "removed";
  return kind === "removed" ? "added" : kind;
}
