import { once } from "node:events";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { letTimePass } from "../let-time-pass.ts";
import type { Passage } from "./relay.ts";

/** Bytes come one at a time, each later than the one before, and now and then much later. */
export const passByteByByte: Passage = (from, to) => {
  void copyBytes(from, to).catch(() => to.destroy());
};

async function copyBytes(from: Socket, to: Socket): Promise<void> {
  let passed = 0;
  for await (const chunk of from)
    for (const byte of chunk) {
      if (!to.write(Uint8Array.of(byte))) await once(to, "drain");
      passed += 1;
      await (passed % 100 === 0 ? letTimePass(2) : setImmediate());
    }
  to.end();
}

/** Cuts connections of shells behind a message. */
export interface Shears {
  readonly passage: () => Passage;
  /** Messages of both directions that were passed on the newest shell's connection. */
  passed(): number;
}

/**
 * Lets this many messages of a shell's connection pass, of both directions together, and then cuts it. The request
 * for the WebSocket and the reply to it are the first two; other connections pass whole.
 */
export function createShears(most: () => number): Shears {
  let newest = 0;
  return {
    passed: () => newest,
    passage: () => {
      let count = 0;
      /** Not known before the request's head, which comes first. */
      let isShell: boolean | undefined;
      return (from, to) => {
        const split = createMessageSplitter();
        from.on("data", (chunk: Buffer) => {
          if (isShell === false) return void to.write(chunk);
          for (const { bytes, head, isEnd } of split(chunk)) {
            isShell ??= head?.startsWith("GET /engine/v1/reply?");
            if (isShell && count >= most()) return;
            if (isShell && isEnd) newest = ++count;
            const cut = () => {
              if (!isShell || count < most()) return;
              to.destroy();
              from.destroy();
            };
            to.write(bytes, cut);
          }
        });
        from.once("end", () => to.end());
      };
    },
  };
}

interface Part {
  readonly bytes: Buffer;
  /** Of a request or a reply, when this is its end. */
  readonly head?: string | undefined;
  /** Whether a message ends with this part. */
  readonly isEnd: boolean;
}

/** Splits one direction of a connection, as it comes, into an HTTP head and the frames of a WebSocket behind it. */
function createMessageSplitter(): (chunk: Buffer) => Generator<Part> {
  let message = Buffer.alloc(0);
  let isHead = true;
  return function* (chunk) {
    let rest = chunk;
    while (rest.length > 0) {
      const before = message.length;
      message = Buffer.concat([message, rest]);
      const length = isHead ? headLength(message) : frameLength(message);
      if (length === undefined || length > message.length) return yield { bytes: rest, isEnd: false };
      const bytes = rest.subarray(0, length - before);
      rest = rest.subarray(bytes.length);
      const head = isHead ? message.toString("latin1", 0, length) : undefined;
      isHead = false;
      message = Buffer.alloc(0);
      yield { bytes, head, isEnd: true };
    }
  };
}

function headLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  return end < 0 ? undefined : end + 4;
}

/** See RFC 6455, section 5.2; a shell's messages are short enough for lengths of 16 bits. */
function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const second = bytes.readUInt8(1);
  const isLong = (second & 0x7f) === 126;
  if (isLong && bytes.length < 4) return undefined;
  const payload = isLong ? bytes.readUInt16BE(2) : second & 0x7f;
  const mask = second & 0x80 ? 4 : 0;
  return 2 + (isLong ? 2 : 0) + mask + payload;
}
