/** The kinds of things whose path a person may be asked for. */
export const pathKinds = [
  "archive",
  "archive-or-disk",
  "iso",
  "machine",
  "file",
  "folder",
  "new-file",
] as const;
export type PathKind = (typeof pathKinds)[number];
