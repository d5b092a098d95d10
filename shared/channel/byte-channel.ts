import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { type ShellPurpose, shellPurposes } from "../guest/guest-action.ts";
import type { Channel } from "./channel.ts";

/**
 * Bytes go over channels of their own, as binary messages (see shell-codec.ts). Text messages are notes about the
 * channel: the server's first message is `open`, its last one `ended` when the bytes have come to their end, or
 * `failed` when they can't. A channel that closes with neither is broken, and may be opened again. Before `open` a
 * client sends nothing but the end of a shell. Its one note is `leave`.
 */
const channelNoteSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("open"),
    /** For consoles and kept shells: the byte with which the output begins, and how many had been printed by then. */
    from: z.int().nonnegative().optional(),
    printed: z.int().nonnegative().optional(),
  }),
  z.object({
    type: z.literal("ended"),
    /** For kept shells: whether a client has ended it. */
    isKilled: z.boolean().optional(),
  }),
  z.object({ type: z.literal("failed"), error: errorDataSchema }),
]);
export type ChannelNote = z.infer<typeof channelNoteSchema>;

/** A client's last message to a kept shell: it does not come back, and the shell ends if no other client shows it. */
export const leaveNote = JSON.stringify({ type: "leave" });

/** Sends a note about a channel on it. */
export function sendNote(channel: Channel, note: ChannelNote): void {
  void channel.send(JSON.stringify(note));
}

/** A client's handlers for a byte channel's messages. */
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

/** The command to start in the guest; the guest's own shell when the command is empty. */
export interface ShellChannelRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
  /** Why Tinsmith itself asks for it; absent if a person does. */
  readonly purpose?: ShellPurpose | undefined;
}

/** The path at which a session serves shells; the request follows as a query. */
export const shellChannelPath = "/shell";

/** Path and query of the channel to a new shell. */
export function shellChannelTarget({ command, tty, purpose }: ShellChannelRequest): string {
  const query = `command=${encodeURIComponent(JSON.stringify(command))}&tty=${tty ? 1 : 0}`;
  return `${shellChannelPath}?${query}${purpose === undefined ? "" : `&purpose=${purpose}`}`;
}

const flag = z
  .enum(["0", "1"])
  .default("0")
  .transform((value) => value === "1");
const position = z.coerce.number().int().nonnegative().default(0);

/** Reads the values of such a query. */
export const shellChannelQuerySchema = z.object({
  command: z.string().default("[]").transform(parseJson).pipe(z.array(z.string())),
  tty: flag,
  purpose: z.literal(Object.keys(shellPurposes) as ShellPurpose[]).optional(),
  /**
   * Names a shell on a terminal that is kept for a while when its last client is gone: the next client that names it
   * gets its output, from byte `from` on. Without a name a shell ends with its client.
   */
  keep: z.string().min(1).max(100).optional(),
  /** Only joins a kept shell, and starts none. */
  join: flag,
  from: position,
});
export type ShellChannelQuery = z.output<typeof shellChannelQuerySchema>;

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("must be JSON");
    return z.NEVER;
  }
}

/**
 * The path at which a session serves its serial console: all output from byte `from` on, and the person's input, as
 * Data of stdin. The answers that a client's terminal gives by itself to queries of the guest come as Data of stdout,
 * and are not acknowledged.
 */
export const consoleChannelPath = "/serial";

/**
 * The path at which a session serves its screen: the bytes of the RFB protocol, as a VNC server and its viewer
 * exchange them.
 */
export const screenChannelPath = "/screen";

/** The path at which a session serves the terminal of the host's own commands, in the same way; it takes no input. */
export const hostChannelPath = "/host";

/** The path at which a session serves the task's log, as the guest tools post it, in the same way. */
export const taskLogChannelPath = "/task-log";

/** Reads the values of the query of these three. */
export const consoleChannelQuerySchema = z.object({
  from: position,
  /** Whether the client is a terminal that answers queries. */
  answers: flag,
});
