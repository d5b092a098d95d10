import { z } from "zod";
import { checkpointSchema } from "../checkpoint/checkpoint.ts";

/** The state of a session's virtual machine, of which there may be several, one after another. */
export const virtualMachineStateSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("none") }),
  z.object({
    /** `paused` by a person; `waiting` for something on the host, such as space for its disk. */
    status: z.enum(["running", "paused", "waiting"]),
    /** The file or folder of the host that is in its CD drive; absent while that is empty. */
    cd: z.string().optional(),
    /** The file of the host that its network's packets are recorded in. */
    recording: z.string().optional(),
    /**
     * Seconds of pauses, or of the time since a checkpoint, by which its guest's clock is behind; absent for less than 2, or when the clock was set
     * since. A guest that asks a time server may have set it by itself.
     */
    clockBehind: z.number().optional(),
    /** Its checkpoints, in the order in which they were made; absent if it has none. */
    checkpoints: z.array(checkpointSchema).optional(),
    /** The reason why no checkpoint can be made; absent if one can. */
    checkpointProblem: z.string().optional(),
  }),
]);
export type VirtualMachineState = z.infer<typeof virtualMachineStateSchema>;

/** More than a person pastes, and than is typed in some minutes. Characters. */
export const maxTypedCharacters = 10_000;
