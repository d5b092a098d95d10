import { z } from "zod";

/** The text on a virtual machine's screen. */
export const screenTextSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("text"),
    /** A string for each row of the screen, without the spaces at its end. A character that isn't known is U+FFFD. */
    lines: z.array(z.string()),
    /** How many characters fit into a row. */
    columns: z.number(),
  }),
  /** A picture without text that Tinsmith can read. */
  z.object({ kind: z.literal("graphics") }),
]);
export type ScreenText = z.infer<typeof screenTextSchema>;

/** A character on the screen that is in no font that Tinsmith knows. */
export const unknownCharacter = "\u{fffd}";
