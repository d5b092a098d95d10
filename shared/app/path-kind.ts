/** What a person may be asked to give the path of. */
export const pathKinds = ["archive", "iso", "machine", "folder", "new-file"] as const;
export type PathKind = (typeof pathKinds)[number];
