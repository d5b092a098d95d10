import { z } from "zod";
import { type Digests, digestText } from "../files/digest.ts";
import { DigestCache, type DigestKeeper } from "../files/digest-cache.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/writing/versioned-json.ts";
import type { Paths } from "./paths.ts";

const keptDigestsSchema = z.object({
  /** By the key of `DigestCache`; the newest last. */
  digests: z.array(z.object({ key: z.string(), stamp: z.string(), digest: z.string() })),
});
type KeptDigests = z.infer<typeof keptDigestsSchema>;

const format: VersionedFormat<KeptDigests> = {
  what: "digests of files",
  schema: keptDigestsSchema,
  migrations: [(kept) => kept],
};

/** Digests that are kept: an image set needs about eight. */
const maximumDigests = 400;

/**
 * Keeps digests of large files in the cache. A digest counts as long as its file's stamp is the same: the device, the
 * inode, the size, the mode and the times.
 */
export function createDigestStore({ digests: path }: Pick<Paths, "digests">): DigestKeeper {
  let known: KeptDigests | undefined;
  return {
    recall: (key) => {
      known ??= readKept(path);
      const shortKey = digestText(key);
      return known.digests.find((one) => one.key === shortKey);
    },
    keep: (key, { stamp, digest }) => {
      const shortKey = digestText(key);
      const others = readKept(path).digests.filter((one) => one.key !== shortKey);
      known = { digests: [...others, { key: shortKey, stamp, digest }].slice(-maximumDigests) };
      try {
        writeVersioned(path, format, known);
      } catch {
        // Without the cache, the file is read again.
      }
    },
  };
}

/** Digests of files and folders, of which those of large files are kept in the cache. */
export function keptDigests(paths: Pick<Paths, "digests">, signal?: AbortSignal): Digests {
  return new DigestCache({ keeper: createDigestStore(paths), ...(signal && { signal }) }).digests;
}

function readKept(path: string): KeptDigests {
  try {
    return readVersioned(path, format);
  } catch {
    return { digests: [] };
  }
}
