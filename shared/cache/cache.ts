import { z } from "zod";

/**
 * The kinds of things in the cache: installation ISOs, unpacked images, saved states of virtual machines, kept
 * checkpoints, the work that failed builds keep for a retry, and Debian packages from which an ISO is built.
 */
export const cacheKinds = ["iso", "image", "state", "checkpoint", "kept-work", "packages"] as const;
export type CacheKind = (typeof cacheKinds)[number];

/** The kinds that Tinsmith can't make again: they are deleted after a question. */
export const uniqueKinds: readonly CacheKind[] = ["checkpoint", "kept-work"];

/** The kinds that are deleted if a person names none: a checkpoint is kept until a person deletes it. */
export const clearedKinds: readonly CacheKind[] = cacheKinds.filter((kind) => kind !== "checkpoint");

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
  /** Whether a kept checkpoint stands on it: then it is not deleted. */
  isNeeded: z.boolean(),
  /** Whether it was made of an archive that was replaced or deleted since. */
  isStale: z.boolean(),
});
export type CacheEntry = z.infer<typeof cacheEntrySchema>;
