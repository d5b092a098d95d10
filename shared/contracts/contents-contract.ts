import { eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import type { ImageComparison } from "../contents/compare-lists.ts";
import type { ContentEntry } from "../contents/entry.ts";
import type { FolderContent } from "../contents/folder-content.ts";
import type { Preview } from "../contents/preview.ts";
import { searchedPartSchema } from "../contents/search.ts";
import type { Manifest } from "../library/manifest.ts";
import type { Verification } from "../library/verification.ts";

/** A file of this host that holds files, and an entry in it by its path. */
const placeSchema = z.object({ image: z.string(), path: z.string() });
export type ContentsPlace = z.infer<typeof placeSchema>;

const progressSchema = z.object({ bytes: z.number(), total: z.number() });
/** How far work is. */
export type WorkProgress = z.infer<typeof progressSchema>;

const importSchema = z.object({
  /** The path of a disk of another program. */
  disk: z.string(),
  /** The path of a machine definition; absent for the usual hardware. */
  machine: z.string().optional(),
  /** A new archive. */
  target: z.string(),
});
/** The choices of a person for the import of a disk. */
export type ImportChoices = z.infer<typeof importSchema>;

const importedSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  /** Sentences about the disk. */
  notes: z.array(z.string()),
});
/** The archive that was made of a disk. */
export type ImportedDisk = z.infer<typeof importedSchema>;

/** Operations on the files in images, which no virtual machine boots. Nothing is changed in them. */
export const contentsContract = {
  /**
   * Lets the engine unpack an image whose disk has more than 1 GiB of data into the cache, which a person was asked about. Without that,
   * calls that need it fail with the code `not-confirmed`: searches and comparisons, and all for archives that can't be read where they are.
   */
  confirmUnpacking: oc.input(placeSchema.pick({ image: true })),
  /** Lists a folder, or a file that holds files. @throws AppError `damaged-file-system`, `missing-file`, `timed-out`, `not-confirmed` */
  list: oc.input(placeSchema).output(type<FolderContent>()),
  /** Shows the beginning of a file. */
  preview: oc.input(placeSchema).output(type<Preview>()),
  /** Finds files by their names or contents, with those in archives; each event has all that were found so far. */
  search: oc
    .input(placeSchema.extend({ text: z.string().min(1), in: searchedPartSchema }))
    .output(eventIterator(type<readonly ContentEntry[]>(), type<{ readonly isWhole: boolean }>())),
  /** Writes a file, or a folder as a tar archive, to a new file on this host; reports the bytes so far. */
  save: oc
    .input(placeSchema.extend({ target: z.string() }))
    .output(eventIterator(z.object({ bytes: z.number() }), z.object({ bytes: z.number() }))),
  /** How an image archive was made; null if it has no manifest. @throws AppError if its manifest can't be used */
  manifest: oc.input(placeSchema.pick({ image: true })).output(type<Manifest | null>()),
  /** Compares an image archive with its manifest, and the inputs that this names with those on disk. */
  verify: oc.input(placeSchema.pick({ image: true })).output(type<Verification>()),
  /** Makes an image archive of a disk of another program; reports how far it is packed. */
  importDisk: oc.input(importSchema).output(eventIterator(progressSchema, importedSchema)),
  /** Writes the disk of an image archive to a new file, whose ending chooses the format. */
  exportDisk: oc
    .input(z.object({ image: z.string(), target: z.string() }))
    .output(z.object({ bytes: z.number() })),
  /** Compares the files of two images. */
  compare: oc.input(z.object({ first: z.string(), second: z.string() })).output(type<ImageComparison>()),
};
