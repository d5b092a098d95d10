import { z } from "zod";

/** A file of an image set over this many bytes is not opened, nor written. */
export const maximumSetFileBytes = 1024 * 1024;

/** What a text file held when it was read. */
export const fileContentSchema = z.object({
  text: z.string(),
  /** SHA-256 of its bytes, in hexadecimal: two contents are the same when these are. */
  digest: z.string(),
});
export type FileContent = z.infer<typeof fileContentSchema>;
