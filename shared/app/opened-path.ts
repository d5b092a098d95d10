import { z } from "zod";

/** The target of a path that a person opens. All paths are absolute. */
export const openedPathSchema = z.discriminatedUnion("kind", [
  /** An image archive. */
  z.object({ kind: z.literal("archive"), path: z.string() }),
  /** An image set: its folder or its recipe was opened. */
  z.object({ kind: z.literal("set"), folder: z.string(), workspace: z.string(), recipe: z.string() }),
  z.object({ kind: z.literal("iso"), path: z.string() }),
  /** Another file that holds files, such as a disk. */
  z.object({
    kind: z.literal("image"),
    path: z.string(),
    /** Whether it is a disk, of which an image archive can be made. */
    isDisk: z.boolean(),
  }),
  /** Any other folder, of which a data CD can be made. */
  z.object({ kind: z.literal("folder"), path: z.string() }),
]);
export type OpenedPath = z.infer<typeof openedPathSchema>;
