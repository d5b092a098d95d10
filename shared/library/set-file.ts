import { z } from "zod";

/** A file of an image set over this many bytes is not opened, nor written. */
export const maximumSetFileBytes = 1024 * 1024;

/** A text file of an image set that a person edits. */
export const setFileSchema = z.object({
  path: z.string(),
  /** Its purpose in the image set; `other` is a file for the data CD. */
  kind: z.enum(["recipe", "steps", "machine", "rules", "scenario", "other"]),
});
export type SetFile = z.infer<typeof setFileSchema>;

/** The content of a text file when it was read. */
export const fileContentSchema = z.object({
  text: z.string(),
  /** SHA-256 of its bytes, in hexadecimal: two contents are the same when these are. */
  digest: z.string(),
});
export type FileContent = z.infer<typeof fileContentSchema>;
