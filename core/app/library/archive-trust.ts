import { type BigIntStats, statSync } from "node:fs";
import type { ArchiveExamination } from "../../../shared/contracts/app-contract.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { recallBuild } from "../../builder/freshness/build-records.ts";
import { digestFile } from "../../files/digest.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { requireTrusted, warnOfStranger } from "../../storage/known-images.ts";
import type { Paths } from "../../storage/paths.ts";

/** Decides whether an archive may be booted: one that was made here, or one whose content a person has accepted. */
export interface ArchiveTrust {
  /**
   * Takes an archive's digest, and gives the warning that a person has to accept before the archive may be booted.
   * There is no warning for an archive that was made here.
   *
   * @throws AppError `missing-file`, or `file-changed` when it changed while it was read; the signal's reason.
   */
  examine(path: string, signal?: AbortSignal): Promise<ArchiveExamination>;
  /**
   * @param trusted the digests that a person has accepted.
   * @throws AppError `not-trusted` for an archive that was not made here and has another digest; as `examine`.
   */
  require(path: string, trusted: readonly string[], signal?: AbortSignal): Promise<void>;
}

/**
 * Archives whose digest is kept in memory, so that starting a session does not read an archive again that was just
 * examined.
 */
const maxKeptDigests = 50;

/** Decides by the digests that this user's builds have left, and keeps the digests that it takes itself. */
export function createArchiveTrust(paths: Paths): ArchiveTrust {
  const kept = new Map<string, { readonly mark: string; readonly digest: string }>();
  const digestOf = async (archive: string, signal?: AbortSignal) => {
    const mark = markOf(archive);
    const known = kept.get(archive);
    if (known?.mark === mark) return known.digest;
    const digest = recallBuild(paths, archive)?.digest ?? (await digestFile(archive, { signal }));
    if (markOf(archive) !== mark)
      throw new AppError({
        code: "file-changed",
        message: `${archive} changed while it was read`,
        advice: "Try again when no program writes to it.",
      });
    kept.delete(archive);
    kept.set(archive, { mark, digest });
    for (const [oldest] of kept) if (kept.size > maxKeptDigests) kept.delete(oldest);
    return digest;
  };
  const examine: ArchiveTrust["examine"] = async (path, signal) => {
    const archive = requireRegularFile(path, {
      advice: "Put an image archive there, or choose another one.",
    });
    const digest = await digestOf(archive, signal);
    return { digest, warning: warnOfStranger(paths, archive, digest) };
  };
  return {
    examine,
    require: async (path, trusted, signal) => {
      requireTrusted(paths, path, (await examine(path, signal)).digest, trusted);
    },
  };
}

/** Changes whenever a file's content does: no program can set the time of a file's last change of status. */
function markOf(path: string): string {
  const { dev, ino, size, ctimeNs }: BigIntStats = statSync(path, { bigint: true });
  return `${dev} ${ino} ${size} ${ctimeNs}`;
}
