import { z } from "zod";

/** One press of a key, with the modifiers that have to be held for it. */
const strokeSchema = z.object({
  /** The code in the PC's first set, with 0x80 added where it has the prefix 0xe0. */
  scanCode: z.number().int(),
  /** X's number of the symbol that is there; absent where QEMU's VNC server would not find the key by it. */
  keysym: z.number().int().optional(),
  /** The number by which QEMU's VNC server releases the key, where it would not by `keysym`. */
  release: z.number().int().optional(),
  shift: z.boolean(),
  altgr: z.boolean(),
});
export type Stroke = z.infer<typeof strokeSchema>;

/** The strokes for each character: often one, two where a dead key takes part. */
export const keyboardLayoutSchema = z.object({
  /** As QEMU and machine definitions call it. */
  name: z.string(),
  strokes: z.record(z.string(), z.array(strokeSchema)),
});
export type KeyboardLayout = z.infer<typeof keyboardLayoutSchema>;
