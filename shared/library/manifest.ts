import { z } from "zod";
import { buildInputSchema } from "./library.ts";

/** The ways in which Tinsmith makes an archive. */
const manifestKinds = [
  /** By the recipe of an image set. */
  "setup",
  "worker",
  /** By `tinsmith build`, without a recipe. */
  "build",
  "pack",
  "import",
  /** A copy of another archive in which files were changed. */
  "change",
] as const;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A file that a copy of an archive has other than the archive. */
const originChangeSchema = z.object({
  /** In the tree of the image: `/disk.img/partition1/etc/motd`. */
  path: z.string(),
  change: z.enum(["added", "replaced"]),
  /** Of its new content. */
  size: z.number(),
  sha256: sha256Schema,
});

/** The archive of which another one is a changed copy. */
const originSchema = z.object({
  /** Of its file, without a folder. */
  name: z.string(),
  sha256: sha256Schema,
  changes: z.array(originChangeSchema),
});

/**
 * The facts about an archive that Tinsmith has made. It is a file beside the archive, and goes with it to other hosts, so it has
 * no path of this one and no credentials: secrets that a person types in an installation are not inputs.
 */
export const manifestSchema = z.object({
  archive: z.object({ name: z.string(), size: z.number(), sha256: sha256Schema }),
  kind: z.enum(manifestKinds),
  /** When the archive was made: a time as ISO 8601 has it. */
  made: z.string(),
  /** All files on its disk; absent if they were not listed. */
  files: z.object({ entries: z.number(), sha256: sha256Schema }).optional(),
  /** The image set, and the SHA-256 of its recipe.yaml as a file; the parts of it that the image depends on are an input. */
  recipe: z.object({ set: z.string(), sha256: sha256Schema }).optional(),
  session: z.string().optional(),
  inputs: z.array(buildInputSchema),
  /** The versions of the programs that made it, by their names. */
  tools: z.record(z.string(), z.string()),
  origin: originSchema.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
