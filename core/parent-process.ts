import { z } from "zod";
import { errorDataSchema } from "../shared/error-schema.ts";

/** What a session's process tells the one that started it, once. */
export const startMessageSchema = z.union([
  z.object({ session: z.string() }),
  z.object({ error: errorDataSchema }),
]);
type StartMessage = z.infer<typeof startMessageSchema>;

/** The environment variable by which a process knows that the one that started it waits for a word. */
export const waitingParent = "TINSMITH_WAITING_PARENT";

/** Tells the process that started this one, if one waits for that, how its session began. Only the first word counts. */
export function tellParent(message: StartMessage): void {
  // A channel alone may be there for another reason, as in a test's worker.
  if (!process.env[waitingParent] || !process.send || !process.connected) return;
  process.send(message, () => {
    if (process.connected) process.disconnect();
  });
}
