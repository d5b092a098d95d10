import { expect, test } from "vitest";
import { createClientMessages, type ViewerEvent } from "./client-messages.ts";
import { recordedBytes, recordedStream } from "./test-client-stream.ts";

interface Read {
  readonly events: readonly ViewerEvent[];
  /** The place in the stream at which the message of each event begins, or the chunk that completed it. */
  readonly starts: readonly number[];
  readonly isUnderstood: boolean;
}

function read(chunks: readonly Uint8Array[]): Read {
  const messages = createClientMessages();
  let taken = 0;
  const placed = chunks.flatMap((chunk) => {
    const before = taken;
    taken += chunk.length;
    return messages.take(chunk).map(({ event, start }) => ({ event, start: before + start }));
  });
  return {
    events: placed.map(({ event }) => event),
    starts: placed.map(({ start }) => start),
    isUnderstood: messages.isUnderstood,
  };
}

/** The events as text: `+61` and `-61` for keys, `left@76,38` for the pointer. */
const written = ({ events }: Read) =>
  events.map((event) =>
    event.type === "key"
      ? `${event.isDown ? "+" : "-"}${event.keysym.toString(16)}`
      : `${event.buttons}@${event.x},${event.y}`,
  );

const handshake = recordedBytes("handshake");
const after = (...bytes: readonly number[]) => read([handshake, Buffer.from(bytes)]);

test("of what noVNC sends, keys and the pointer are read", () => {
  const all = read([recordedStream]);
  expect(all.isUnderstood).toBe(true);
  expect(written(all).slice(0, 13)).toEqual([
    ...["0@76,38", "1@76,38", "0@76,38", "+61", "-61", "+ffe1", "+5a", "-5a", "-ffe1"],
    ...["+ffe1", "-ffe1", "+fe03", "+40"],
  ]);
  expect(written(all).slice(-8)).toEqual([
    ...["+fe03", "+7e", "-7e", "-fe03", "+ffe3", "+ffe9", "-ffe3", "-ffe9"],
  ]);
  expect(all.events).toHaveLength(59);
});

test("however the stream is divided, the same events are read, each at its place", () => {
  const whole = read([recordedStream]);
  const compare = (chunks: readonly Buffer[]) => {
    const parts = read(chunks);
    expect(parts.events).toEqual(whole.events);
    const ends = chunks.map((_, index) => Buffer.concat(chunks.slice(0, index)).length);
    for (const [index, start] of parts.starts.entries()) {
      const begins = whole.starts[index] ?? 0;
      // It began where it began, or the chunk did that completed it.
      if (start !== begins) expect(ends.filter((end) => end > begins)).toContain(start);
    }
  };
  for (let size = 1; size <= 40; size += 1) compare(inChunks(recordedStream, size));
  for (let at = 0; at <= recordedStream.length; at += 1)
    compare([recordedStream.subarray(0, at), recordedStream.subarray(at)]);
});

function inChunks(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

test.each([
  ["a fence with a payload", [248, 0, 0, 0, 0, 0, 0, 1, 3, 4, 1, 0]],
  ["continuous updates", [150, 1, 0, 0, 0, 0, 2, 128, 1, 224]],
  ["a power key", [250, 0, 1, 2]],
  ["another size with a screen", [251, 0, 2, 128, 1, 224, 1, 0, ...Array(16).fill(4)]],
  ["a text for the clipboard", [6, 0, 0, 0, 0, 0, 0, 3, 4, 4, 4]],
  ["an extended clipboard", [6, 0, 0, 0, 255, 255, 255, 252, 4, 4, 4, 4]],
  ["a pixel format", [0, ...Array(19).fill(4)]],
])("%s is not taken for keys", (_name, bytes) => {
  expect(written(after(...bytes, 4, 1, 0, 0, 0, 0, 0, 97))).toEqual(["+61"]);
});

test("more buttons than seven are in one more byte", () => {
  expect(written(after(5, 0x81, 0, 7, 1, 0, 1, 5, 0, 0, 7, 1, 0))).toEqual(["129@7,256", "0@7,256"]);
});

test("text for the clipboard that is longer than any memory costs none", () => {
  const messages = createClientMessages();
  messages.take(handshake);
  messages.take(Buffer.from([6, 0, 0, 0, 0x7f, 255, 255, 255]));
  const block = Buffer.alloc(1024 ** 2, 4);
  for (let sent = 0; sent < 64; sent += 1) expect(messages.take(block)).toEqual([]);
  expect(messages.isUnderstood).toBe(true);
});

test("the oldest version has no choice of security", () => {
  const key = [4, 1, 0, 0, 0, 0, 0, 97];
  expect(written(read([Buffer.from("RFB 003.003\n\x01"), Buffer.from(key)]))).toEqual(["+61"]);
});

test.each([
  ["another protocol", [Buffer.from("GET / HTTP/1.1\r\n\r\n")]],
  ["another version", [Buffer.from("RFB 005.000\n")]],
  ["a password", [Buffer.from("RFB 003.008\n\x02")]],
  ["an unknown message", [handshake, Buffer.from([99])]],
  ["QEMU's sound", [handshake, Buffer.from([255, 1, 0, 0])]],
])("after %s, nothing is read any more", (_name, chunks) => {
  const all = read([...chunks, Buffer.from([4, 1, 0, 0, 0, 0, 0, 97])]);
  expect(all).toEqual({ events: [], starts: [], isUnderstood: false });
});
