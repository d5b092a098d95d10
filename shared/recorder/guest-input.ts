import { z } from "zod";

/** QEMU's name of a key. */
const key = z.string().regex(/^\w+$/);

/**
 * Something that a person does to a guest, as a recording of an installation keeps it. A serial console and the screen's keyboard
 * give what the guest gets:
 *
 * - `text` on the serial console: the characters as they are sent, such as "\r" for Return, "\x7f" for Backspace and "\x1b[A" for Up.
 *   An escape sequence is in one input.
 * - `text` on the screen: printable characters as they are typed, with Shift or AltGr already applied. Return is the key `ret`.
 * - `keys` on the screen: QEMU's names of the keys that are pressed together, such as ["ctrl", "alt", "f2"] or ["ret"].
 *
 * Parts of the host's own traffic, such as a terminal's answers to queries, are not inputs.
 */
export const guestInputSchema = z.union([
  z.object({ console: z.enum(["serial", "screen"]), text: z.string().min(1) }),
  z.object({ console: z.literal("screen"), keys: z.array(key).min(1) }),
  /** An absolute path on the host: an ISO, or a folder as a data CD. */
  z.object({ act: z.literal("insert"), path: z.string() }),
  z.object({ act: z.literal("eject") }),
  z.object({ act: z.literal("reset") }),
  /** In pixels of the guest's screen. */
  z.object({ act: z.literal("click"), x: z.number(), y: z.number() }),
]);
export type GuestInput = Readonly<z.infer<typeof guestInputSchema>>;

/**
 * Takes an input before the guest gets it. Deliver it when this has settled: until then a checkpoint may be made. It never rejects,
 * and inputs settle in the order in which they were given.
 */
export type TakeInput = (input: GuestInput) => Promise<void>;
