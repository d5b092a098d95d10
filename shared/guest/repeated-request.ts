import { z } from "zod";

/** Bytes of a body that can be sent again: a call has at most 1 MiB, and this is base64. */
export const maximumRepeatedBody = 384 * 1024;

/** The header of a request that a person has sent again; its value is the number of the first exchange. */
export const repeatsHeader = "X-Tinsmith-Repeats";

export const repeatedRequestSchema = z.object({
  /** The number of the exchange that is repeated. */
  exchange: z.int(),
  method: z.string(),
  target: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** In base64. */
  body: z.base64().max(Math.ceil(maximumRepeatedBody / 3) * 4),
});
/** A request of the guest tools that is sent to the MetaService again. */
export type RepeatedRequest = z.infer<typeof repeatedRequestSchema>;
