import { AppError } from "../../shared/errors/errors.ts";
import { warnOfStranger } from "../storage/known-images.ts";
import type { Paths } from "../storage/paths.ts";
import { findArchiveSigner } from "./archive-signature.ts";

/** The reasons for which an archive may be booted, or not. */
export interface Trust {
  /** A warning about an archive that was neither made here nor signed by an allowed signer. */
  readonly warning?: string;
  /** The name of the allowed signer who has signed it. */
  readonly signer?: string;
}

/**
 * Judges an archive before it is booted: one that was made here, or that an allowed signer has signed, comes without a warning.
 *
 * @param digest its SHA-256
 * @throws AppError `not-trusted` when its signature is wrong; the signal's reason
 */
export async function judgeTrust(
  paths: Paths,
  archive: string,
  digest: string,
  signal?: AbortSignal,
): Promise<Trust> {
  const warning = warnOfStranger(paths, archive, digest);
  if (warning === undefined) return {};
  const signer = await findArchiveSigner(paths, archive, digest, signal);
  if (signer?.kind === "allowed") return { signer: `${signer.principal} (${signer.key})` };
  const signed =
    signer && `It is signed with an unknown key, ${signer.key}: ${paths.allowedSigners} does not have it.`;
  return { warning: [warning, signed].filter(Boolean).join(" ") };
}

/** The sentence about an archive that an allowed signer has signed. */
export function describeSigner(archive: string, signer: string): string {
  return `${archive} is signed by ${signer}.`;
}

/**
 * Refuses to boot an image that `judgeTrust` warns of and that nobody has accepted.
 *
 * @param accepted the digests that a person has accepted; without this list, every image may be booted.
 * @returns the trust in an image that may be booted. @throws AppError `not-trusted`; as `judgeTrust`
 */
export async function requireTrusted(
  paths: Paths,
  archive: string,
  digest: string,
  accepted: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<Trust> {
  const trust = await judgeTrust(paths, archive, digest, signal);
  if (trust.warning === undefined || !accepted || accepted.includes(digest)) return trust;
  const reason = accepted.length === 0 ? "it has not been accepted" : "it has changed since it was accepted";
  throw new AppError({
    code: "not-trusted",
    message: `${archive} was not booted: ${reason}`,
    advice: trust.warning,
  });
}
