import { createReceiveWindow, createSendWindow } from "../channel/flow-control.ts";
import { AppError } from "../errors/errors.ts";
import { protocolLimits } from "../limits.ts";
import { decodeShellMessage, encodeShellMessage, type ShellMessage } from "./shell-codec.ts";

export type ShellOutputStream = "stdout" | "stderr";

export interface ShellClientOptions {
  /** Takes a message for the guest. */
  readonly send: (message: Uint8Array<ArrayBuffer>) => void;
  /**
   * Takes the command's output, in order. The guest sends on only while little is left unconsumed: so `consumed` must
   * be called once for each, when the bytes were shown, written or parsed. The bytes are a view into the message they
   * came with.
   */
  readonly onOutput: (stream: ShellOutputStream, bytes: Uint8Array, consumed: () => void) => void;
}

/** The host's end of a shell in the guest, over messages that somebody else carries. */
export interface ShellClient {
  /** To be called with each message from the guest, in order. */
  receive(message: Uint8Array): void;
  /** To be called when no more messages will come. Has no effect on a shell that has ended. */
  disconnected(reason: unknown): void;
  /**
   * Sends input, after earlier input. Settles when the guest's window has taken all of it, or the shell has ended and
   * takes nothing.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the input, after earlier input. With a terminal this kills the command: type ^D there instead. */
  end(): Promise<void>;
  /** Tells the terminal's size. */
  resize(columns: number, rows: number): void;
  /** Asks the guest to kill the command. Older guests don't know this: closing the connection works with all. */
  abort(): void;
  /**
   * Settles when the command has ended and `onOutput` has had all its output. Rejects with `guest-action-failed` when
   * the guest's messages make no sense, or with the reason of `disconnected`.
   */
  readonly ended: Promise<{ readonly success: boolean }>;
}

export function createShellClient({ send, onOutput }: ShellClientOptions): ShellClient {
  const input = createSendWindow(protocolLimits.shellWindowBytes);
  const output = {
    stdout: createReceiveWindow(protocolLimits.shellWindowBytes),
    stderr: createReceiveWindow(protocolLimits.shellWindowBytes),
  };
  const ended = Promise.withResolvers<{ readonly success: boolean }>();
  // A caller that only writes need not look at how it ends.
  ended.promise.catch(() => {});
  let isOver = false;
  let acknowledged = Promise.withResolvers<void>();
  let written: Promise<void> = Promise.resolve();

  const sendMessage = (message: ShellMessage) => {
    if (!isOver) send(encodeShellMessage(message));
  };
  const settle = (how: () => void) => {
    isOver = true;
    acknowledged.resolve();
    how();
  };
  const fail = (reason: unknown) => settle(() => ended.reject(reason));

  /** Holds the guest to the windows. @throws when it does not keep to them, or to what a guest may send */
  const count = (message: ShellMessage) => {
    if (message.type === "data" && message.stream !== "stdin")
      output[message.stream].received(message.payload.length);
    else if (message.type === "ack" && message.stream === "stdin") input.acknowledged(message.bytes);
    else if (message.type !== "exit") throw new Error(`a ${message.type} message that is the host's to send`);
  };
  const act = (message: ShellMessage) => {
    if (message.type === "exit") settle(() => ended.resolve({ success: message.success }));
    else if (message.type === "ack") acknowledged.resolve();
    else if (message.type === "data" && message.stream !== "stdin")
      takeOutput(message.stream, message.payload);
  };
  const takeOutput = (stream: ShellOutputStream, bytes: Uint8Array) => {
    // Without bytes it is the stream's end, which Exit tells as well.
    if (bytes.length === 0) return;
    onOutput(stream, bytes, () => {
      output[stream].consumed(bytes.length);
      sendMessage({ type: "ack", stream, bytes: bytes.length });
    });
  };

  /** Waits for a place in the window; its size is 0 when the shell has ended. */
  const roomForInput = async () => {
    while (!isOver && input.room() === 0) {
      acknowledged = Promise.withResolvers();
      await acknowledged.promise;
    }
    return isOver ? 0 : input.room();
  };
  const writeAll = async (bytes: Uint8Array) => {
    for (let start = 0; start < bytes.length; ) {
      const payload = bytes.subarray(
        start,
        start + Math.min(await roomForInput(), protocolLimits.shellBlockBytes),
      );
      if (payload.length === 0) return;
      input.sent(payload.length);
      sendMessage({ type: "data", stream: "stdin", payload });
      start += payload.length;
    }
  };
  const inTurn = (work: () => void | Promise<void>) => {
    written = written.then(work);
    return written;
  };

  return {
    receive: (bytes) => {
      if (isOver) return;
      let message: ShellMessage | undefined;
      try {
        message = decodeShellMessage(bytes);
        if (message) count(message);
      } catch (error) {
        return fail(senseless(error));
      }
      if (message) act(message);
    },
    disconnected: fail,
    write: (bytes) => inTurn(() => writeAll(bytes)),
    end: () => inTurn(() => sendMessage({ type: "data", stream: "stdin", payload: new Uint8Array() })),
    resize: (columns, rows) => sendMessage({ type: "size", columns, rows }),
    abort: () => sendMessage({ type: "abort" }),
    ended: ended.promise,
  };
}

function senseless(cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    {
      code: "guest-action-failed",
      message: `Tinsmith closed the shell, because the guest sent an invalid message: ${reason}`,
      advice: "Fix the guest tools in the image: they break the shell's protocol.",
    },
    { cause },
  );
}
