import type { Manifest } from "../library/manifest.ts";

/** The author of a signature that is right. */
export type Signer =
  /** One of the allowed signers: see ssh-keygen(1). */
  | { readonly kind: "allowed"; readonly principal: string; readonly key: string }
  | { readonly kind: "unknown"; readonly key: string };

/** The facts about an image at a remote. */
export interface InspectedRemote {
  /** The archive's file name, if the remote has one. */
  readonly name: string | undefined;
  /** Bytes of the archive, if the remote says so. */
  readonly size: number | undefined;
  /** Of the archive, in hexadecimal. */
  readonly sha256: string | undefined;
  /** The address of this very content. */
  readonly pinned: string | undefined;
  readonly signer: Signer | undefined;
  readonly manifest: Manifest | undefined;
}
