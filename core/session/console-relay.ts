import { sendNote } from "../../shared/byte-channel.ts";
import type { Channel } from "../../shared/channel.ts";
import { createReceiveWindow, createSendWindow } from "../../shared/flow-control.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
  shellWindowBytes,
} from "../../shared/shell-codec.ts";
import { type GrowingFile, readGrowing } from "../files/growing-file.ts";

/** A console that clients watch: what was printed on it is in a file, and it may take what is typed. */
export interface Console {
  readonly output: GrowingFile;
  /** Takes typed bytes, and settles when they have been passed on; absent when nobody reads them. */
  readonly type?: ((bytes: Uint8Array) => Promise<void>) | undefined;
}

/**
 * Joins a client's channel to a console: all that was printed from that byte on, as Data of stdout, and what is typed,
 * as Data of stdin. Ends when the console's output is whole and was sent, or the client is gone.
 */
export async function relayConsole(channel: Channel, from: number, { output, type }: Console): Promise<void> {
  const gone = new AbortController();
  const toClient = createSendWindow(shellWindowBytes);
  const fromClient = createReceiveWindow(shellWindowBytes);
  let acknowledged = () => {};
  const send = (message: ShellMessage) => void channel.send(encodeShellMessage(message));

  const receive = async (message: ShellMessage | undefined) => {
    if (message?.type === "ack") {
      toClient.acknowledged(message.bytes);
      acknowledged();
    }
    if (message?.type !== "data") return;
    fromClient.received(message.payload.length);
    await type?.(message.payload);
    fromClient.consumed(message.payload.length);
    send({ type: "ack", stream: "stdin", bytes: message.payload.length });
  };
  channel.onClose(() => gone.abort());
  channel.onMessage((bytes) => {
    try {
      // A client that breaks the rules is cut off: it lost count, and can begin anew.
      if (typeof bytes !== "string") receive(decodeShellMessage(bytes)).catch(channel.close);
    } catch {
      channel.close();
    }
  });

  sendNote(channel, { type: "open" });
  for await (const block of readGrowing(output, from, gone.signal)) {
    while (toClient.room() < block.length && !gone.signal.aborted)
      await new Promise<void>((resolve) => {
        acknowledged = resolve;
        gone.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    if (gone.signal.aborted) return;
    toClient.sent(block.length);
    send({ type: "data", stream: "stdout", payload: block });
  }
  sendNote(channel, { type: "ended" });
  channel.close();
}
