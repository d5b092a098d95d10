import { z } from "zod";

/** What the status bar says of this host. */
export const hostStatusSchema = z.object({
  accelerator: z.object({ name: z.string(), reason: z.string() }),
  /** Where sessions are kept, and the bytes that are free there. */
  folder: z.string(),
  freeBytes: z.number(),
  /** Sessions that run a virtual machine now. */
  runningMachines: z.number(),
});
export type HostStatus = z.infer<typeof hostStatusSchema>;

/** One thing that doctor looked at. */
export const findingSchema = z.object({
  subject: z.string(),
  /** False when something can't be done without it. */
  ok: z.boolean(),
  text: z.string(),
  /** What would be better: what that would give, and how to get it. */
  advice: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What runs here, for About and for bug reports. */
export const versionsSchema = z.object({
  tinsmith: z.string(),
  node: z.string(),
  qemu: z.string(),
  system: z.string(),
});
export type Versions = z.infer<typeof versionsSchema>;
