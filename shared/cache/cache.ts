import { z } from "zod";

/**
 * The kinds of things in the cache, which Tinsmith can make again: installation ISOs, unpacked images, saved states of
 * virtual machines, checkpoints, the work that failed builds keep for a retry, and Debian packages from which an ISO is
 * built.
 */
export const cacheKinds = ["iso", "image", "state", "checkpoint", "kept-work", "packages"] as const;
export type CacheKind = (typeof cacheKinds)[number];

/** Something in the cache. */
export const cacheEntrySchema = z.object({
  kind: z.enum(cacheKinds),
  /** Tells it from others of its kind. */
  key: z.string(),
  /** Names it for people: a noun phrase. */
  what: z.string(),
  /** Bytes that it takes on the disk: holes don't count. */
  bytes: z.number(),
  /** Milliseconds since the epoch. */
  lastUse: z.number(),
  /** Whether a process uses it: then it is not deleted. */
  isInUse: z.boolean(),
});
export type CacheEntry = z.infer<typeof cacheEntrySchema>;
