/** The kind of a session: it builds an image, runs one, or is a MetaService without a virtual machine. */
export const sessionKinds = ["build", "run", "meta"] as const;
export type SessionKind = (typeof sessionKinds)[number];
