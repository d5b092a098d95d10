import { z } from "zod";

const isoBootsSchema = z.object({
  /** A BIOS boots it as a CD: only then does a virtual machine of Tinsmith's. */
  bios: z.boolean(),
  /** UEFI boots it as a CD. */
  uefi: z.boolean(),
  /** A BIOS boots it as a disk: it is a hybrid. */
  disk: z.boolean(),
});
export type IsoBoots = z.infer<typeof isoBootsSchema>;

const bootEntrySchema = z.object({
  /** Unique in the ISO. */
  title: z.string(),
  /** The path of the Linux kernel in the ISO. */
  kernel: z.string(),
  /** The paths of its initial RAM disks in the ISO, which the kernel gets one behind the other. */
  initrds: z.array(z.string()),
  /** The kernel's parameters, as the ISO's boot loader gives them. */
  parameters: z.string(),
  /** The ISO's boot loader boots it if nobody chooses another. */
  isDefault: z.boolean(),
});
/** An entry of the menu of an ISO's boot loader that boots a Linux kernel. */
export type BootEntry = z.infer<typeof bootEntrySchema>;

const distributionSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  /** A disk and a memory on which it can be installed, in GiB and MiB. */
  suggested: z.object({ size: z.number(), memory: z.number() }).optional(),
});
/** A known system that an ISO brings. */
export type Distribution = z.infer<typeof distributionSchema>;

/** Everything that Tinsmith knows of an ISO without booting it. */
export const isoFactsSchema = z.object({
  /** The name of its volume. */
  label: z.string(),
  /** The system that it is for, by its own account; often empty. */
  systemId: z.string(),
  /** The program that made it, or is on it; often empty. */
  applicationId: z.string(),
  /** Bytes of its file; of a CD in a drive, those of its volume. */
  size: z.number(),
  boots: isoBootsSchema,
  /** Absent if it is unknown. */
  distribution: distributionSchema.optional(),
  entries: z.array(bootEntrySchema),
  /** Problems of the ISO, a sentence each. */
  notes: z.array(z.string()),
});
export type IsoFacts = z.infer<typeof isoFactsSchema>;
