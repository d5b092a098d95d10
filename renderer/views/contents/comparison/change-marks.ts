import type { ChangeKind } from "../../../../shared/contents/compare-lists.ts";

/** The sign and the name of each kind of change: a colour alone does not tell them apart. */
export const changeMarks: Readonly<Record<ChangeKind, { readonly mark: string; readonly title: string }>> = {
  added: { mark: "+", title: "Added" },
  removed: { mark: "−", title: "Removed" },
  changed: { mark: "~", title: "Changed" },
  metadata: { mark: "m", title: "Metadata only" },
};
