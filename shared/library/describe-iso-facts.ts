import type { BootEntry, IsoBoots, IsoFacts } from "./iso-facts.ts";

/** The system that an ISO brings, in words. */
export function describeSystem({ distribution }: Pick<IsoFacts, "distribution">): string {
  if (!distribution) return "unknown";
  const { name, version } = distribution;
  return version === undefined ? name : `${name} ${version}`;
}

/** The ways in which an ISO boots, in words. */
export function describeBoots({ bios, uefi, disk }: IsoBoots): string {
  const ways = [bios && "a CD with BIOS", uefi && "a CD with UEFI", disk && "a disk"].filter(Boolean);
  return ways.length === 0 ? "not bootable" : `as ${ways.join(", ")}`;
}

/** Finds a boot entry by its title, else by its number, from 1 on. */
export function findBootEntry(entries: readonly BootEntry[], wanted: string): BootEntry | undefined {
  const byNumber = /^\d{1,4}$/.test(wanted) ? entries[Number(wanted) - 1] : undefined;
  return entries.find(({ title }) => title === wanted) ?? byNumber;
}
