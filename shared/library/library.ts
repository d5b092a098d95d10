import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { timeSchema } from "../text/time-schema.ts";
import { setFileSchema } from "./set-file.ts";

/** The two archives of an image set: the setup image is installed from an ISO, the worker image made from it. */
export const imageKinds = ["setup", "worker"] as const;
export type ImageKind = (typeof imageKinds)[number];

/** The file name of an image set's archive, where its recipe gives it none. */
export function defaultArchiveName(set: string, image: ImageKind): string {
  return `${set}-${image}.tar.lz4`;
}

/** The kinds of a build's inputs. Inputs of one kind differ by their names. */
const buildInputKinds = [
  "recipe",
  "machine",
  "install-iso",
  "choice",
  "cd-file",
  "guest-tools",
  "setup-image",
  "environment",
  "tool",
  /** A kernel and its initial RAM disk, for a build without a recipe. */
  "kernel",
] as const;
export type BuildInputKind = (typeof buildInputKinds)[number];

/** One thing that an archive was built from. */
export const buildInputSchema = z.object({
  kind: z.enum(buildInputKinds),
  /** For people: "recipe.yaml", "setup.sh", "guest tools", "setup image", ... */
  name: z.string(),
  /** SHA-256, in hexadecimal. */
  digest: z.string(),
});
export type BuildInput = z.infer<typeof buildInputSchema>;

/** The ways in which an input differs from that of an earlier build, and the archive from the one that was built. */
const inputChanges = [
  "changed",
  "new",
  "gone",
  "missing",
  "unreadable",
  /** An earlier version of Tinsmith did not record it. */
  "not-recorded",
  "changed-during-build",
  /** It can't be known: the disk in a CD drive, or guest tools until their build command has run. */
  "unknown",
  /** Of an archive: how it was built is not known. */
  "not-built-here",
  "newer-record",
  "damaged-record",
] as const;
export type InputChange = (typeof inputChanges)[number];

/** One thing that an archive was built from, then and now. */
export const comparedInputSchema = z.object({
  kind: z.enum([...buildInputKinds, "archive"]),
  name: z.string(),
  /** SHA-256, in hexadecimal, when the archive was built; absent for a new input. */
  before: z.string().optional(),
  /** SHA-256, in hexadecimal, or `missing`, `unreadable` or `unknown`; absent for an input that is gone. */
  now: z.string().optional(),
  /** Absent for an input that is the same. */
  change: z.enum(inputChanges).optional(),
});
export type ComparedInput = z.infer<typeof comparedInputSchema>;

/** The record of an archive that was built here. */
export const buildRecordSchema = z.object({
  session: z.string(),
  /** Milliseconds since the epoch. */
  finished: timeSchema,
  /** Milliseconds that the whole build took, and of each of its steps by name. */
  milliseconds: z.number(),
  steps: z.record(z.string(), z.number()),
  inputs: z.array(buildInputSchema),
});
export type BuildRecord = z.infer<typeof buildRecordSchema>;

/** An archive on disk, as the library shows it. */
export const archiveSummarySchema = z.object({
  path: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Milliseconds since the epoch. */
  modified: z.number(),
  /** SHA-256, in hexadecimal; absent until somebody asked for it and none is on record. */
  digest: z.string().optional(),
  /** Absent for an imported archive. */
  record: buildRecordSchema.optional(),
  /** The problem with it, when it can't be read. */
  problem: errorDataSchema.optional(),
});
export type ArchiveSummary = z.infer<typeof archiveSummarySchema>;

/** One of an image set's two archives, there or not. */
export const imageSlotSchema = z.object({
  path: z.string(),
  archive: archiveSummarySchema.optional(),
  /**
   * The inputs that changed since it was built, and the archive itself if it is another one; none when it is up to date
   * or was not built here. Absent while large inputs are being read.
   */
  stale: z.array(comparedInputSchema).optional(),
  /** The session that builds it now. */
  building: z.string().optional(),
});
export type ImageSlot = z.infer<typeof imageSlotSchema>;

export const imageSetSchema = z.object({
  name: z.string(),
  /** Absolute; the image set's identity. */
  folder: z.string(),
  /** The problem with its recipe; then the slots are only a guess. */
  problem: errorDataSchema.optional(),
  /** Whether the recipe says how to get an ISO, so that a setup image can be built without a person choosing one. */
  hasIso: z.boolean(),
  /** Whether the recipe has install steps of its own, or names a file with steps. */
  hasSteps: z.boolean(),
  /** The recipe's boot entry, if the recipe names no ISO: it is one of the ISO that a person chooses. */
  bootEntry: z.string().optional(),
  /** Its text files: its recipe, its steps files, its machine definition, its rules, and the files for the data CD. */
  files: z.array(setFileSchema),
  /** Its scenario files: absolute paths. */
  scenarios: z.array(z.string()),
  /** Files with install steps in place of the recipe's: absolute paths. */
  stepsFiles: z.array(z.object({ path: z.string(), note: z.string().optional() })),
  /** The machine definition of a new setup image: an absolute path. */
  machineFile: z.string(),
  /** GiB of a new setup image's disk. */
  diskSize: z.number(),
  setup: imageSlotSchema,
  worker: imageSlotSchema,
});
export type ImageSet = z.infer<typeof imageSetSchema>;

/** Everything that can be built from, run and looked at. */
export const librarySchema = z.object({
  sets: z.array(imageSetSchema),
  /** Imported archives. */
  archives: z.array(archiveSummarySchema),
});
export type Library = z.infer<typeof librarySchema>;

/** The templates for a new image set. */
export const templates = {
  tinycore: "TinyCore Linux, installed from its ISO",
  microcore: "The embedded guest OS, installed automatically",
  blank: "An empty recipe",
} as const;
export type Template = keyof typeof templates;
export const templateSchema = z.enum(Object.keys(templates) as [Template, ...Template[]]);
