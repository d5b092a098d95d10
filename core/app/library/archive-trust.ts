import type { ArchiveExamination } from "../../../shared/contracts/app-contract.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { digestArchive } from "../../image/archive/archive-digest.ts";
import { judgeTrust, requireTrusted } from "../../signature/archive-trust.ts";
import type { Paths } from "../../storage/paths.ts";

/** Decides whether an archive may be booted: one that was made here or is signed, or one whose content a person has accepted. */
export interface ArchiveTrust {
  /**
   * Takes an archive's digest, and gives the warning that a person has to accept before the archive may be booted.
   * There is no warning for an archive that was made here, or that an allowed signer has signed.
   *
   * @throws AppError `missing-file`; the signal's reason.
   */
  examine(path: string, signal?: AbortSignal): Promise<ArchiveExamination>;
  /**
   * @param trusted the digests that a person has accepted.
   * @throws AppError `not-trusted` for an archive that was not made here and has another digest; as `examine`.
   */
  require(path: string, trusted: readonly string[], signal?: AbortSignal): Promise<void>;
}

/** Decides by the digests of the images that this user has built. An archive is only read if it has changed since it was read last. */
export function createArchiveTrust(paths: Paths): ArchiveTrust {
  const digestOf = async (path: string, signal?: AbortSignal) => {
    const archive = requireRegularFile(path, {
      advice: "Put an image archive there, or choose another one.",
    });
    return await digestArchive(paths, archive, signal);
  };
  return {
    examine: async (path, signal) => {
      const digest = await digestOf(path, signal);
      return { digest, warning: (await judgeTrust(paths, path, digest, signal)).warning };
    },
    require: async (path, trusted, signal) => {
      await requireTrusted(paths, path, await digestOf(path, signal), trusted, signal);
    },
  };
}
