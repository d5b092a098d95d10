import { z } from "zod";
import { errorDataSchema } from "./error-schema.ts";

/**
 * Bytes go over WebSockets of their own, one a channel, as binary messages (see shell-codec.ts). Text messages are
 * notes about the channel: the server's first message is `open`; a channel that does not come to its end, or never
 * opened, has `failed` as its last one. A client sends nothing before `open`, and no notes.
 */
export const channelNoteSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("open") }),
  z.object({ type: z.literal("failed"), error: errorDataSchema }),
]);
export type ChannelNote = z.infer<typeof channelNoteSchema>;

/** How a channel's WebSocket is closed. */
export const channelClose = { ended: 1000, sessionEnded: 1001, failed: 1011 } as const;

/** What to start in the guest; the guest's own shell when the command is empty. */
export interface ShellChannelRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
}

/** Where a session serves shells, to be followed by the request as a query. */
export const shellChannelPath = "/shell";

/** Path and query of the channel to a new shell. */
export function shellChannelTarget({ command, tty }: ShellChannelRequest): string {
  return `${shellChannelPath}?command=${encodeURIComponent(JSON.stringify(command))}&tty=${tty ? 1 : 0}`;
}

/** Reads the values of such a query. */
export const shellChannelQuerySchema = z.object({
  command: z.string().default("[]").transform(parseJson).pipe(z.array(z.string())),
  tty: z
    .enum(["0", "1"])
    .default("0")
    .transform((tty) => tty === "1"),
});

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("must be JSON");
    return z.NEVER;
  }
}

/** Where a session serves its serial console: all that was printed from byte `from` on, and what is typed. */
export const consoleChannelPath = "/serial";

/** Reads the values of the query `from=NUMBER`. */
export const consoleChannelQuerySchema = z.object({ from: z.coerce.number().int().nonnegative().default(0) });
