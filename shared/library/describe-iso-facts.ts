import type { IsoBoots, IsoFacts } from "./iso-facts.ts";

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
