import type { Signer } from "../../../shared/remotes/inspected-remote.ts";

/** A line about the author of an image's signature. */
export function describeSignature(signer: Signer): string {
  return signer.kind === "allowed"
    ? `signed by ${signer.principal}, ${signer.key}`
    : `signed with an unknown key, ${signer.key}`;
}
