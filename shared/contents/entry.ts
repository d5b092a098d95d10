import { z } from "zod";

/** The kinds of files that Unix has. */
export const entryKinds = [
  "file",
  "folder",
  "symlink",
  "fifo",
  "socket",
  "char-device",
  "block-device",
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** An entry in the contents of an image, as it is shown. Texts that stand for names are as `showRawName` gives them. */
export const contentEntrySchema = z.object({
  /** From the top of the contents. */
  path: z.string(),
  name: z.string(),
  kind: z.enum(entryKinds),
  /** Bits 0 to 0o7777; absent where the file system has none, such as FAT. */
  mode: z.number().optional(),
  uid: z.number().optional(),
  gid: z.number().optional(),
  /** Milliseconds since 1970. */
  modified: z.number().optional(),
  /** Bytes of the content. */
  size: z.number(),
  /** Bytes that it takes on the disk. */
  allocated: z.number(),
  links: z.number(),
  /** Of a symbolic link. */
  target: z.string().optional(),
  /** Of a device: `4:64`. */
  device: z.string().optional(),
  /** Whether it is a file that is likely to hold files, and can be opened as a folder. */
  mayHoldFiles: z.boolean(),
});
export type ContentEntry = z.infer<typeof contentEntrySchema>;

/** The parts of an entry that are not its content. */
export const metadataKeys = ["kind", "mode", "uid", "gid", "modified", "device"] as const;
export type MetadataKey = (typeof metadataKeys)[number];
