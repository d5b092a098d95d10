import { z } from "zod";

/** The most characters of a checkpoint's name. */
const maxName = 60;

/** The name of a checkpoint, which a person chooses: printable characters, without spaces at its ends. */
export const checkpointNameSchema = z
  .string()
  .trim()
  .min(1, "give the checkpoint a name")
  .max(maxName, `the name of a checkpoint has at most ${maxName} characters`)
  .regex(/^\P{C}*$/u, "the name of a checkpoint has printable characters only");

export const checkpointSchema = z.object({
  name: z.string(),
  /** When it was made, in milliseconds since the epoch. */
  time: z.number(),
  /** Bytes of the host's disk that its memory takes. */
  size: z.number(),
  /** Whether a copy of it is kept after the virtual machine's end. */
  isKept: z.boolean().optional(),
  /** The reason why it can't be kept; undefined when it can. */
  keepProblem: z.string().optional(),
  /** Its disk on the host, which nobody may change: the layer, the disk below that, and QEMU's name for the moment in the layer. */
  disk: z.object({ layer: z.string(), backing: z.string(), snapshot: z.string() }).optional(),
});

/** A moment of a virtual machine, with its disk, memory and devices, to which it can go back. */
export type Checkpoint = z.output<typeof checkpointSchema>;

export const keptCheckpointSchema = checkpointSchema
  .omit({ isKept: true, keepProblem: true, disk: true })
  .extend({
    /** Bytes of the host's disk that its memory and its disk take. */
    size: z.number(),
    /** The id of the session in which it was made. */
    session: z.string(),
    /** The path of the image. */
    archive: z.string(),
    /** The command of the task. */
    command: z.array(z.string()),
  });

/** A checkpoint of a run that is kept after its session: a new run can continue from it. */
export type KeptCheckpoint = z.output<typeof keptCheckpointSchema>;

/** An event of a checkpoint. `pausedFor`: milliseconds for which the guest was paused. */
export type CheckpointEvent = { readonly time: number } & (
  | {
      readonly type: "checkpoint-made";
      readonly name: string;
      readonly size: number;
      readonly pausedFor: number;
    }
  | { readonly type: "went-back"; readonly name: string; readonly pausedFor: number }
);

/** The words for what ends because the guest goes back. */
export function endedByGoBack(name: string): string {
  return `ended by Go back to ${JSON.stringify(name)}`;
}

/** The line in a guest's output after which it begins again at the checkpoint. */
export function goBackMark(name: string): string {
  return `--- went back to ${JSON.stringify(name)} ---`;
}

/** The first unused of the names `checkpoint 1`, `checkpoint 2` and so on. */
export function proposeCheckpointName(checkpoints: readonly Pick<Checkpoint, "name">[]): string {
  const names = new Set(checkpoints.map(({ name }) => name));
  for (let number = names.size + 1; ; number++) {
    const name = `checkpoint ${number}`;
    if (!names.has(name)) return name;
  }
}
