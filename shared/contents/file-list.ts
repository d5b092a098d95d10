import { z } from "zod";
import { contentEntrySchema } from "./entry.ts";

/** An entry with what its content is. */
export const listedEntrySchema = contentEntrySchema.omit({ name: true, mayHoldFiles: true }).extend({
  /** SHA-256 of a file's content, in hexadecimal; absent for other kinds, and for partitions and disks, whose files are listed. */
  digest: z.string().optional(),
});
export type ListedEntry = z.infer<typeof listedEntrySchema>;

/** All files of an image. */
export const fileListSchema = z.object({
  entries: z.array(listedEntrySchema),
  /** Sentences about the parts that can't be read. */
  problems: z.array(z.string()),
});
export type FileList = z.infer<typeof fileListSchema>;
