import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import type { Manifest } from "../../../shared/library/manifest.ts";
import { formatAddress, type RemoteAddress } from "../../../shared/remotes/address.ts";
import type { Signer } from "../../../shared/remotes/inspected-remote.ts";
import { parseManifest } from "../../manifest/manifest-file.ts";
import { findSigner } from "../../signature/ssh-signature.ts";
import type { RemoteContext, RemoteImage } from "../remote.ts";

/** All that is known about an image at a remote without its archive. */
export interface ImageFacts {
  /** The archive's SHA-256 in hexadecimal; undefined if nothing says it. */
  readonly sha256: string | undefined;
  readonly manifest: Manifest | undefined;
  readonly signer: Signer | undefined;
}

/**
 * Checks that the files of an image fit each other, and finds out who has signed it.
 *
 * @param allowedSigners the file of the allowed signers
 * @throws AppError `file-changed` when the manifest is of another archive, `not-trusted` for a wrong signature
 */
export async function readImageFacts(
  address: RemoteAddress,
  { sha256: said, manifest: bytes, signature }: RemoteImage,
  allowedSigners: string,
  { signal, onNote }: Pick<RemoteContext, "signal" | "onNote">,
): Promise<ImageFacts> {
  const name = formatAddress(address);
  const manifest = bytes && readManifest(bytes, name, onNote);
  if (!bytes || !manifest) return { sha256: said, manifest: undefined, signer: undefined };
  const { sha256 } = manifest.archive;
  if (said !== undefined && said !== sha256) throw otherArchive(name, said, sha256);
  const signer =
    signature && (await findSigner({ manifest: bytes, signature, name }, allowedSigners, signal));
  return { sha256, manifest, signer };
}

/** One that this Tinsmith can't read counts as none: the image is the same without it. */
function readManifest(bytes: Buffer, name: string, onNote: (text: string) => void): Manifest | undefined {
  try {
    return parseManifest(bytes, `${name}.manifest.json`);
  } catch (thrown) {
    onNote(`The manifest of ${name} can't be used: ${toAppError(thrown).message}.`);
    return undefined;
  }
}

function otherArchive(name: string, said: string, sha256: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${name} is refused: its manifest is of another archive`,
    advice: "Publish the image again with its manifest, or ask its author.",
    details: [`expected sha256 ${said}`, `the manifest has sha256 ${sha256}`],
  });
}
