/**
 * The kind of a session: it builds an image, runs one, is a MetaService without a virtual machine, or watches the sources of
 * an image set and begins builds and runs.
 */
export const sessionKinds = ["build", "run", "meta", "watch"] as const;
export type SessionKind = (typeof sessionKinds)[number];
