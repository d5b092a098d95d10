import { listenToBytes } from "../../shared/byte-channel.ts";
import type { Channel } from "../../shared/channel.ts";
import { createShellClient, type ShellClient } from "../../shared/shell-client.ts";
import { openByteChannel } from "../api-client.ts";
import { whenConnected } from "./connection.ts";
import { sayError } from "./toasts.ts";

/** A console of a session: all it printed from the beginning, as it comes, and what is typed into it. */
export interface ConsoleChannel {
  /** Sends bytes to whoever reads them, as fast as those take them. */
  type(bytes: Uint8Array): void;
  /** Drops what was typed and not sent yet. */
  stopTyping(): void;
  close(): void;
}

interface ConsoleOptions {
  /** Takes bytes; no more come than a window holds until `consumed` was called for them. */
  readonly onOutput: (bytes: Uint8Array, consumed: () => void) => void;
  /** Called when all was printed that ever will be. */
  readonly onEnd?: () => void;
  /** Called with how many typed bytes wait, each time that this changes. */
  readonly onWaiting?: (bytes: number) => void;
}

/** So many bytes are sent at once, so that what waits can be told, and be dropped. */
const pieceBytes = 1024;

/**
 * Opens a console; a lost connection is opened again where it broke off: nothing is lost, nothing comes twice.
 *
 * @param path of the channel, see shared/byte-channel.ts
 */
export function openConsoleChannel(
  session: string,
  path: string,
  { onOutput, onEnd = () => {}, onWaiting = () => {} }: ConsoleOptions,
): ConsoleChannel {
  const controller = new AbortController();
  const { signal } = controller;
  let position = 0;
  let channel: Channel;
  let client: ShellClient;
  let waiting: Uint8Array[] = [];
  let isTyping = false;

  const open = () => {
    const opened = openByteChannel(session, path, { from: `${position}` });
    channel = opened;
    client = createShellClient({
      // What is typed into a connection that is gone is gone, too.
      send: (message) => void opened.send(message),
      onOutput: (_stream, bytes, consumed) => {
        position += bytes.length;
        onOutput(bytes, consumed);
      },
    });
    const { receive, disconnected } = client;
    let hasEnded = false;
    listenToBytes(opened, {
      onBytes: receive,
      onNote: (note) => {
        if (note.type === "ended") {
          hasEnded = true;
          onEnd();
        }
        if (note.type === "failed") sayError(note.error);
      },
      onClose: () => {
        disconnected(new Error("the connection is closed"));
        if (signal.aborted || hasEnded) return;
        void whenConnected(signal).then((isConnected) => isConnected && open());
      },
    });
  };
  open();

  const tellWaiting = () => onWaiting(waiting.reduce((sum, { length }) => sum + length, 0));
  const typeAll = async () => {
    isTyping = true;
    for (;;) {
      const next = waiting.shift();
      if (!next) break;
      await client.write(next);
      tellWaiting();
    }
    isTyping = false;
  };
  return {
    type: (bytes) => {
      for (let start = 0; start < bytes.length; start += pieceBytes)
        waiting.push(bytes.subarray(start, start + pieceBytes));
      if (!isTyping) void typeAll();
    },
    stopTyping: () => {
      waiting = [];
      tellWaiting();
    },
    close: () => {
      controller.abort();
      channel.close();
    },
  };
}
