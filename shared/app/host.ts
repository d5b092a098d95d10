import { z } from "zod";

/** The facts about this host that the status bar shows. */
export const hostStatusSchema = z.object({
  accelerator: z.object({ name: z.string(), reason: z.string() }),
  /** The folder of the sessions, and the free bytes there. */
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
  /** An improvement: its benefit, and how to get it. */
  advice: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** The versions of the programs that run here, for About and for bug reports. */
export const versionsSchema = z.object({
  tinsmith: z.string(),
  node: z.string(),
  qemu: z.string(),
  system: z.string(),
});
export type Versions = z.infer<typeof versionsSchema>;
