import { z } from "zod";
import type { Channel } from "./channel.ts";
import { errorDataSchema } from "./error-schema.ts";

/**
 * Bytes go over channels of their own, as binary messages (see shell-codec.ts). Text messages are notes about the
 * channel: the server's first message is `open`, its last one `ended` when the bytes have come to their end, or
 * `failed` when they can't. A channel that closes with neither is broken, and may be opened again. A client sends
 * nothing before `open`, and no notes.
 */
const channelNoteSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("open") }),
  z.object({ type: z.literal("ended") }),
  z.object({ type: z.literal("failed"), error: errorDataSchema }),
]);
export type ChannelNote = z.infer<typeof channelNoteSchema>;

/** Sends a note about a channel on it. */
export function sendNote(channel: Channel, note: ChannelNote): void {
  void channel.send(JSON.stringify(note));
}

/** What a client does with a byte channel's messages. */
interface ByteChannelListener {
  readonly onBytes: (message: Uint8Array) => void;
  readonly onNote: (note: ChannelNote) => void;
  /** Called once, after the last message. */
  readonly onClose: () => void;
}

/** Takes the messages of a byte channel that was just opened. */
export function listenToBytes(channel: Channel, { onBytes, onNote, onClose }: ByteChannelListener): void {
  channel.onMessage((message) => {
    if (typeof message === "string") onNote(channelNoteSchema.parse(JSON.parse(message)));
    else onBytes(message);
  });
  channel.onClose(onClose);
}

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

/** Where a session serves its screen: the bytes of the RFB protocol, as a VNC server and its viewer exchange them. */
export const screenChannelPath = "/screen";

/** Where a session serves the terminal on which the host's own commands run, in the same way; nobody types there. */
export const hostChannelPath = "/host";

/** Where a session serves the task's log, as the guest tools post it, in the same way. */
export const taskLogChannelPath = "/task-log";

/** Reads the values of the query `from=NUMBER` of these three. */
export const consoleChannelQuerySchema = z.object({ from: z.coerce.number().int().nonnegative().default(0) });
