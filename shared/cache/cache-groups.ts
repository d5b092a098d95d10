import { type CacheEntry, type CacheKind, cacheKinds } from "./cache.ts";

/** The names of the kinds for people. */
export const namesOfKinds: Readonly<Record<CacheKind, string>> = {
  iso: "ISOs",
  image: "Unpacked images",
  state: "Saved states",
  checkpoint: "Kept checkpoints",
  "kept-work": "Work of failed builds",
  packages: "Debian packages",
};

/** An entry in a list: what it is, and why it may stay or go first. */
export function describeEntry({ what, isNeeded, isStale }: CacheEntry): string {
  const capitalized = what.charAt(0).toUpperCase() + what.slice(1);
  return [
    capitalized,
    ...(isStale ? ["of an archive that was replaced or deleted"] : []),
    ...(isNeeded ? ["needed by a kept checkpoint"] : []),
  ].join(", ");
}

/** The entries of one kind. */
export interface CacheGroup {
  readonly kind: CacheKind;
  /** Those that were used last come first. */
  readonly entries: readonly CacheEntry[];
}

/** Groups entries by their kinds; a kind without any is left out. */
export function groupByKind(entries: readonly CacheEntry[]): readonly CacheGroup[] {
  return cacheKinds
    .map((kind) => ({
      kind,
      entries: entries
        .filter((entry) => entry.kind === kind)
        .sort((one, other) => other.lastUse - one.lastUse),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** Bytes that entries take on the disk. */
export function sumOfBytes(entries: readonly CacheEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
