import { sendNote } from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import { createReceiveWindow, createSendWindow } from "../../../shared/channel/flow-control.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import { protocolLimits } from "../../../shared/limits.ts";
import { type GrowingFile, printedBytes, readGrowing } from "../../files/logs/growing-file.ts";
import type { AnsweringViewers } from "./answering-viewer.ts";

/** The output of a console, past and future, for any number of readers, each at its own position. */
export interface ConsoleOutput {
  /** The first byte that can still be read, counted from the console's beginning. */
  start(): number;
  /** How many bytes were printed so far. */
  printed(): number;
  /** Reads from a byte on, until all was read that will ever be printed, or the signal aborts. */
  read(from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A console that clients watch, and that may take input. */
export interface Console {
  readonly output: ConsoleOutput;
  /** Takes typed bytes, and settles when they have been passed on; absent when nobody reads them. */
  readonly type?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  readonly viewers: AnsweringViewers;
  /** Settles with how its command has ended, where it has one; rejects when that can't be known. */
  readonly ended?: Promise<{ readonly success: boolean }>;
  /** Whether a client has ended its command. */
  readonly isKilled?: () => boolean;
}

interface ClientOptions {
  /** The byte to begin with. */
  readonly from: number;
  /** Whether the client's terminal answers queries. */
  readonly answers: boolean;
}

/** The output of a console that is in a file. */
export function fileOutput(file: GrowingFile): ConsoleOutput {
  return {
    start: () => 0,
    printed: () => printedBytes(file),
    read: (from, signal) => readGrowing(file, from, signal),
  };
}

/**
 * Answers of a client's terminal that may wait for the guest: more are dropped for a guest that reads nothing. Bytes.
 */
const maxWaitingAnswers = 4096;

/**
 * Joins a client's channel to a console, by the messages of shared/channel/byte-channel.ts. Ends when the console's
 * output is whole and was sent, or the client is gone.
 *
 * @throws the error of the console's `ended`
 */
export async function relayConsole(channel: Channel, client: ClientOptions, console: Console): Promise<void> {
  const { output, type, ended } = console;
  const gone = new AbortController();
  const toClient = createSendWindow(protocolLimits.shellWindowBytes);
  const fromClient = createReceiveWindow(protocolLimits.shellWindowBytes);
  using viewer = client.answers ? console.viewers.join() : undefined;
  let waitingAnswers = 0;
  let acknowledged = () => {};
  const send = (message: ShellMessage) => void channel.send(encodeShellMessage(message));

  const takeTyped = async (bytes: Uint8Array) => {
    viewer?.typed();
    fromClient.received(bytes.length);
    await type?.(bytes);
    fromClient.consumed(bytes.length);
    send({ type: "ack", stream: "stdin", bytes: bytes.length });
  };
  const takeAnswer = async (bytes: Uint8Array) => {
    if (!viewer?.isChosen() || waitingAnswers + bytes.length > maxWaitingAnswers) return;
    waitingAnswers += bytes.length;
    await type?.(bytes);
    waitingAnswers -= bytes.length;
  };
  const receive = async (message: ShellMessage | undefined) => {
    if (message?.type === "ack") {
      toClient.acknowledged(message.bytes);
      acknowledged();
    }
    if (message?.type === "data")
      await (message.stream === "stdin" ? takeTyped : takeAnswer)(message.payload);
  };
  channel.onClose(() => gone.abort());
  if (channel.isClosed()) gone.abort();
  channel.onMessage((bytes) => {
    try {
      // A client that breaks the rules is disconnected: it lost count, and can start again.
      if (typeof bytes !== "string") receive(decodeShellMessage(bytes)).catch(channel.close);
    } catch {
      channel.close();
    }
  });

  const from = Math.max(client.from, output.start());
  sendNote(channel, { type: "open", from, printed: output.printed() });
  for await (const block of output.read(from, gone.signal)) {
    while (toClient.room() < block.length && !gone.signal.aborted)
      await new Promise<void>((resolve) => {
        acknowledged = resolve;
        gone.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    if (gone.signal.aborted) return;
    toClient.sent(block.length);
    send({ type: "data", stream: "stdout", payload: block });
  }
  if (gone.signal.aborted) return;
  if (ended !== undefined) send({ type: "exit", ...(await ended) });
  sendNote(channel, { type: "ended", ...(console.isKilled?.() && { isKilled: true }) });
  channel.close();
}
