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

/** A message by which the process that started this one asks it to end in order. */
export const stopMessage = "stop";

/** How an Electron app talks to its utility processes; Node has no such thing, and no types for it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** Set in a utility process: it ends with the app that started it, unlike one that Node started. */
const { parentPort } = process as { readonly parentPort?: ParentPort };

/** Tells the process that started this one, if one waits for that, how its session began. Only the first word counts. */
export function tellParent(message: StartMessage): void {
  if (parentPort) parentPort.postMessage(message);
  // A channel alone may be there for another reason, as in a test's worker.
  if (!process.env[waitingParent] || !process.send || !process.connected) return;
  process.send(message, () => {
    if (process.connected) process.disconnect();
  });
}

/** Calls back when the app that started this utility process wants it to end. */
export function onParentStop(stop: () => void): void {
  parentPort?.on("message", ({ data }) => {
    if (data === stopMessage) stop();
  });
}

/** Ends a utility process, whose work is done: unlike others it does not end by itself. */
export function leaveParent(): void {
  if (parentPort) process.exit();
}
