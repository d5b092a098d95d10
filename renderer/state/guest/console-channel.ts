import { leaveNote, listenToBytes } from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { createShellClient, type ShellClient } from "../../../shared/guest/shell-client.ts";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import { openByteChannel } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";
import { createReopening } from "../sessions/session-life.ts";

/** A console of a session: its output from the beginning, as it comes, and its input. */
export interface ConsoleChannel {
  /** Sends bytes to their reader, as fast as it takes them. */
  type(bytes: Uint8Array): void;
  /**
   * Sends an answer that the terminal gives by itself. It is dropped if the query was printed before this window was
   * connected: the program that asked no longer waits for it. If several windows answer, the session chooses one.
   */
  answer(bytes: Uint8Array): void;
  /** Drops input that was not sent yet. */
  stopTyping(): void;
  /** Tells the size of the terminal, to a shell. */
  resize(columns: number, rows: number): void;
  /** Kills a shell's command. */
  endShell(): void;
  /** Closes for good: a kept shell ends if no other window shows it. */
  leave(): void;
  close(): void;
}

interface ConsoleOptions {
  /**
   * The parameters of the channel's query, besides those of all consoles.
   *
   * @param isAgain whether it was connected before
   */
  readonly query?: (isAgain: boolean) => Record<string, string>;
  /** Takes bytes; no more come than a window holds until `consumed` was called for them. */
  readonly onOutput: (bytes: Uint8Array, consumed: () => void) => void;
  /** Called whenever it is connected. */
  readonly onOpen?: () => void;
  /** Called when all was printed that ever will be. */
  readonly onEnd?: () => void;
  /** Called with how a shell's command has ended, before that. @param isKilled whether a window has ended it */
  readonly onExit?: (success: boolean, isKilled: boolean) => void;
  /** Called when the session has said that it is not available, or is no longer available. */
  readonly onFail?: (error: ErrorData) => void;
  /** Called with how many typed bytes wait, each time that this changes. */
  readonly onWaiting?: (bytes: number) => void;
}

/** Bytes that are sent at once, so that the number of waiting bytes is known, and they can be dropped. */
const pieceBytes = 1024;

/**
 * Opens a console; a lost connection is opened again where it broke off: nothing is lost, nothing comes twice.
 *
 * @param path of the channel, see shared/channel/byte-channel.ts
 */
export function openConsoleChannel(session: string, path: string, options: ConsoleOptions): ConsoleChannel {
  const { query = () => ({}), onOutput, onOpen, onEnd, onExit, onFail = sayError, onWaiting } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const reopening = createReopening(session, signal);
  /** Bytes that came, that were shown, and that had been printed when it was connected. */
  let [position, shown, printedBefore] = [0, 0, 0];
  let channel: Channel;
  let client: ShellClient;
  let waiting: Uint8Array[] = [];
  let isTyping = false;
  let isOpen = false;
  let wasOpen = false;

  const show = (bytes: Uint8Array, consumed: () => void) =>
    onOutput(bytes, () => {
      shown += bytes.length;
      consumed();
    });
  const open = () => {
    const opened = openByteChannel(session, path, { ...query(wasOpen), from: `${position}`, answers: "1" });
    channel = opened;
    client = createShellClient({
      send: (message) => void opened.send(message),
      onOutput: (_stream, bytes, consumed) => {
        const before = printedBefore - position;
        position += bytes.length;
        reopening.works();
        if (before <= 0 || before >= bytes.length) return show(bytes, consumed);
        show(bytes.subarray(0, before), () => {});
        show(bytes.subarray(before), consumed);
      },
    });
    const { receive, disconnected, ended } = client;
    let hasEnded = false;
    let exit: { readonly success: boolean } | undefined;
    void ended.then(
      (how) => {
        exit = how;
      },
      () => {},
    );
    listenToBytes(opened, {
      onBytes: receive,
      onNote: (note) => {
        if (note.type === "open") {
          const { from = position, printed = 0 } = note;
          // Old output of a shell is not kept.
          shown += from - position;
          position = from;
          printedBefore = printed;
          isOpen = true;
          wasOpen = true;
          onOpen?.();
          void typeAll();
          return;
        }
        hasEnded = true;
        if (note.type === "failed") return onFail(note.error);
        if (exit) onExit?.(exit.success, note.isKilled ?? false);
        onEnd?.();
      },
      onClose: () => {
        isOpen = false;
        // Input for a connection that is gone is lost, too.
        stopTyping();
        disconnected(new Error("the connection is closed"));
        if (signal.aborted || hasEnded) return;
        void reopening.wait().then((isWanted) => isWanted && open());
      },
    });
  };
  const tellWaiting = () => onWaiting?.(waiting.reduce((sum, { length }) => sum + length, 0));
  const stopTyping = () => {
    waiting = [];
    tellWaiting();
  };
  const typeAll = async () => {
    if (isTyping) return;
    isTyping = true;
    for (let next = takeWaiting(); next; next = takeWaiting()) {
      await client.write(next);
      tellWaiting();
    }
    isTyping = false;
  };
  const takeWaiting = () => (isOpen ? waiting.shift() : undefined);
  open();
  const close = () => {
    controller.abort();
    channel.close();
  };

  return {
    type: (bytes) => {
      for (let start = 0; start < bytes.length; start += pieceBytes)
        waiting.push(bytes.subarray(start, start + pieceBytes));
      void typeAll();
    },
    answer: (bytes) => {
      if (shown >= printedBefore)
        void channel.send(encodeShellMessage({ type: "data", stream: "stdout", payload: bytes }));
    },
    stopTyping,
    resize: (columns, rows) => client.resize(columns, rows),
    endShell: () => client.abort(),
    leave: () => {
      void channel.send(leaveNote);
      close();
    },
    close,
  };
}
