import { z } from "zod";
import { type ErrorData, errorCodes } from "./error-data.ts";

/** Reads an error that crossed a process border. */
export const errorDataSchema: z.ZodType<ErrorData> = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  advice: z.string().optional(),
  details: z.array(z.string()).readonly().optional(),
  field: z.string().optional(),
});
