import { z } from "zod";
import { errorDataSchema } from "./error-schema.ts";

export const sessionKinds = ["build", "run", "meta"] as const;

/** One session, running or ended, as a list of them shows it. */
export const sessionSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(sessionKinds),
  /** Milliseconds since the epoch. */
  started: z.number(),
  ended: z.number().optional(),
  /**
   * `killed`: its process ended without saying how it went. `newer`: a newer Tinsmith has left it, or runs it, and
   * `error` says what to do; of the rest only its place is known.
   */
  status: z.enum(["running", "succeeded", "failed", "killed", "newer"]),
  /** It is an installation by hand that waits for a person to say what to do. */
  asks: z.boolean(),
  /** The archive that is or was to be built. */
  output: z.string().optional(),
  error: errorDataSchema.optional(),
  folder: z.string(),
  /** Bytes that its folder takes. */
  bytes: z.number(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;
