import { z } from "zod";

/** The QEMU command of a machine definition on this host. */
export const commandLineSchema = z.object({
  program: z.string(),
  args: z.array(z.string()),
  /** One sentence for each thing that is not as the definition says. */
  notes: z.array(z.string()),
});
export type CommandLine = z.infer<typeof commandLineSchema>;
