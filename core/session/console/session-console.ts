import { once } from "node:events";
import type { Writable } from "node:stream";
import { AppError } from "../../../shared/errors/errors.ts";
import { createGrowingFile, type GrowingFileWriter } from "../../files/logs/growing-file.ts";
import { createThroughputLimit } from "../../time/throughput-limit.ts";

/** The host's end of a serial console while a virtual machine runs. */
interface SerialPort {
  readonly input: Writable;
  readonly sendBreak: () => Promise<void>;
}

/** The serial console of a session: its output is a file from the beginning; virtual machines come and go behind it. */
export interface SessionConsole {
  readonly output: GrowingFileWriter;
  /** Takes typed bytes, and settles when they have been passed on. */
  type(bytes: Uint8Array): Promise<void>;
  /** Calls back with what is typed before it is passed on, once that has settled, until it is disposed of. */
  observe(onTyped: (text: string) => Promise<void>): Disposable;
  /** Passes on input, until the connection is disposed of; input without a connection is dropped. */
  connect(port: SerialPort): Disposable;
  /** Sends a break. @throws AppError `guest-no-answer` while there is no virtual machine */
  sendBreak(): Promise<void>;
}

/**
 * The rate of a serial line of 115,200 baud: a guest's terminal has no other way to limit its input, and loses input
 * that it doesn't read in time.
 */
const bytesPerSecond = 11_520;
/** Bytes that go to the guest at once: as many as a serial port's own buffer holds, four times. */
const pieceBytes = 64;

/** @param path of the file that the output is in */
export function createSessionConsole(path: string): SessionConsole {
  let port: SerialPort | undefined;
  let typed: Promise<void> = Promise.resolve();
  let observer: ((bytes: Uint8Array) => Promise<void>) | undefined;
  const pace = createThroughputLimit(bytesPerSecond);
  const typeAll = async (bytes: Uint8Array) => {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const input = port?.input;
      if (!input?.writable) return;
      const piece = bytes.subarray(start, start + pieceBytes);
      await pace.turn(piece.length);
      // A guest that takes nothing holds up those who type, until its machine is gone.
      if (!input.write(piece)) await Promise.race([once(input, "drain"), once(input, "close")]);
    }
  };
  return {
    output: createGrowingFile(path),
    type: (bytes) => {
      typed = typed.then(async () => {
        await observer?.(bytes);
        await typeAll(bytes);
      });
      return typed;
    },
    observe: (onTyped) => {
      const decoder = new TextDecoder();
      const mine = async (bytes: Uint8Array) => {
        const text = decoder.decode(bytes, { stream: true });
        if (text !== "") await onTyped(text);
      };
      observer = mine;
      return {
        [Symbol.dispose]: () => {
          if (observer === mine) observer = undefined;
        },
      };
    },
    sendBreak: async () => {
      if (!port) throw noMachine();
      await port.sendBreak();
    },
    connect: (connected) => {
      port = connected;
      return {
        [Symbol.dispose]: () => {
          if (port === connected) port = undefined;
        },
      };
    },
  };
}

function noMachine(): AppError {
  return new AppError({
    code: "guest-no-answer",
    message: "the session has no virtual machine now, so a break can't be sent",
    advice: "Wait until it boots; a session that has ended can only be read.",
  });
}
