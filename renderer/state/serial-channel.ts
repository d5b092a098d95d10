import { consoleChannelPath, listenToBytes } from "../../shared/byte-channel.ts";
import type { Channel } from "../../shared/channel.ts";
import { createShellClient, type ShellClient } from "../../shared/shell-client.ts";
import { openByteChannel } from "../api-client.ts";
import { whenConnected } from "./connection.ts";
import { sayError } from "./toasts.ts";

/** One session's serial console: all it printed from the beginning, as it comes, and what is typed into it. */
export interface SerialChannel {
  /** Sends bytes to the guest, as fast as it takes them. */
  type(bytes: Uint8Array): void;
  close(): void;
}

interface SerialOptions {
  /** Takes bytes; no more come than a window holds until `consumed` was called for them. */
  readonly onOutput: (bytes: Uint8Array, consumed: () => void) => void;
}

/** A lost connection is opened again where it broke off: nothing is lost, nothing comes twice. */
export function openSerialChannel(session: string, { onOutput }: SerialOptions): SerialChannel {
  const controller = new AbortController();
  const { signal } = controller;
  let position = 0;
  let channel: Channel;
  let client: ShellClient;

  const open = () => {
    const opened = openByteChannel(session, consoleChannelPath, { from: `${position}` });
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
        hasEnded ||= note.type === "ended";
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

  return {
    type: (bytes) => void client.write(bytes),
    close: () => {
      controller.abort();
      channel.close();
    },
  };
}
