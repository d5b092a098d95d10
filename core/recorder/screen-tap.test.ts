import { once } from "node:events";
import { type Duplex, duplexPair, PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { GuestInput } from "../../shared/recorder/guest-input.ts";
import { eventually } from "../../tests/eventually.ts";
import { letTimePass } from "../../tests/let-time-pass.ts";
import { recordedBytes, recordedStream } from "../qemu/keyboard/test-client-stream.ts";
import type { OnInput } from "./observe-machine.ts";
import { tapScreen } from "./screen-tap.ts";

const layout = { name: "none", strokes: {} };

/** A viewer, and the VNC server that its bytes reach. */
function start(onInput: OnInput) {
  const [screen, server] = duplexPair();
  const received: Buffer[] = [];
  server.on("data", (bytes) => received.push(bytes));
  const tapped: Duplex = tapScreen(screen, onInput, layout);
  return { viewer: tapped, screen, server, received: () => Buffer.concat(received) };
}

test("all bytes pass as they are, in both directions, however they are divided", async () => {
  for (const size of [1, 7, 64, recordedStream.length]) {
    const { viewer, server, received } = start(() => undefined);
    for (let at = 0; at < recordedStream.length; at += size)
      viewer.write(recordedStream.subarray(at, at + size));
    await eventually(() => expect(received()).toEqual(recordedStream));
    server.write("a picture");
    expect(`${(await once(viewer, "data"))[0]}`).toBe("a picture");
  }
});

test("an input, and all behind it, waits until its observer is done; all before it has passed", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: GuestInput[] = [];
  const { viewer, received } = start((input) => {
    seen.push(input);
    return seen.length === 1 ? promise : undefined;
  });
  const before = recordedBytes("handshake", "moves");
  const keys = recordedBytes("a", "Shift+Z");
  viewer.write(Buffer.concat([before, keys]));
  await eventually(() => expect(received()).toEqual(before));
  await letTimePass(50);
  expect([seen, received().length]).toEqual([[{ console: "screen", text: "a" }], before.length]);
  resolve();
  await eventually(() => expect(received()).toEqual(Buffer.concat([before, keys])));
  expect(seen).toHaveLength(2);
});

test("an observer that fails keeps no input from the guest", async () => {
  const { viewer, received } = start(async () => {
    throw new Error("no space for a checkpoint");
  });
  const bytes = recordedBytes("handshake", "a");
  viewer.write(bytes);
  await eventually(() => expect(received()).toEqual(bytes));
});

test("a stream that is not understood passes without reports", async () => {
  const seen: GuestInput[] = [];
  const { viewer, received } = start((input) => {
    seen.push(input);
    return undefined;
  });
  const bytes = Buffer.concat([Buffer.from("RFB 003.008\n\x10"), recordedBytes("a")]);
  viewer.write(bytes);
  await eventually(() => expect(received()).toEqual(bytes));
  expect(seen).toEqual([]);
});

test("a viewer that is ahead of the guest can see how far", async () => {
  const { viewer } = start(() => new Promise(() => {}));
  viewer.write(recordedBytes("handshake", "a"));
  viewer.write(Buffer.alloc(1000));
  expect(viewer.writableLength).toBeGreaterThan(1000);
});

test("when the viewer leaves, the screen's connection is closed; and the other way round", async () => {
  const first = start(() => undefined);
  first.viewer.destroy();
  await once(first.screen, "close");
  const second = start(() => undefined);
  second.viewer.resume();
  second.server.end("last");
  await once(second.viewer, "end");
  const third = start(() => undefined);
  for (const stream of [third.viewer, third.server]) stream.on("error", () => {});
  third.screen.destroy(new Error("reset by QEMU"));
  await new Promise((resolve) => third.viewer.on("close", resolve));
});

test("a viewer that stands still holds up its screen", async () => {
  const screen = new PassThrough();
  tapScreen(screen, () => undefined, layout);
  let written = 0;
  while (written < 100 && screen.write(Buffer.alloc(16 * 1024))) {
    written += 1;
    await new Promise(setImmediate);
  }
  expect(written).toBeLessThan(20);
});
