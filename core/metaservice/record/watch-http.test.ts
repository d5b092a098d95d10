import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { connectTo, end, ends, send, startRecordedServer } from "../../../tests/recorded-server.ts";

const readers: Readonly<Record<string, (incoming: IncomingMessage) => Promise<Buffer>>> = {
  "a loop": buffer,
  "a pipe": (incoming) => buffer(incoming.pipe(new PassThrough())),
  "data events": async (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    await once(incoming, "end");
    return Buffer.concat(chunks);
  },
  "readable events": async (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("readable", () => {
      for (let chunk = incoming.read(); chunk !== null; chunk = incoming.read()) chunks.push(chunk);
    });
    await once(incoming, "end");
    return Buffer.concat(chunks);
  },
};

test.each(Object.entries(readers))(
  "whoever reads a body by %s has it as if nobody watched",
  async (_name, read) => {
    const body = randomBytes(3e6);
    const received = Promise.withResolvers<Buffer>();
    const modes: unknown[] = [];
    const server = await startRecordedServer(async (incoming, response) => {
      modes.push(incoming.readableFlowing);
      received.resolve(await read(incoming));
      response.end();
    });
    await send(server, "POST", "/", body);
    expect((await received.promise).equals(body)).toBe(true);
    expect(modes).toEqual([null]);
    expect(await end(server)).toMatchObject({ outcome: "complete", request: { bytes: 3e6 } });
  },
);

test("a body that nobody reads holds its sender up, as it would unwatched, and is counted once it is thrown away", async () => {
  const gate = Promise.withResolvers<void>();
  const server = await startRecordedServer(async (_incoming, response) => {
    await gate.promise;
    response.writeHead(404).end("no");
  });
  const guest = await connectTo(server);
  const body = Buffer.alloc(20e6, "x");
  guest.write(`POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n`);
  guest.write(body);
  await eventually(() => expect(server.connections[0]?.bytesRead).toBeGreaterThan(60_000));
  const held = server.connections[0]?.bytesRead;
  expect(held).toBeLessThan(1e6);
  gate.resolve();
  expect(await end(server)).toMatchObject({
    outcome: "complete",
    request: { bytes: body.length },
    reply: { bytes: 2 },
  });
  guest.write("GET /next HTTP/1.1\r\n\r\n");
  expect((await ends(server, 2))[1]).toMatchObject({ exchange: 2, outcome: "complete" });
});

test("each way to write a reply is counted once", async () => {
  const server = await startRecordedServer((_incoming, response) => {
    response.write("é");
    response.write("é", "latin1");
    response.write(Buffer.from("buffer"), () => {});
    response.write("6162", "hex", () => {});
    response.write(new Uint8Array([49, 50]));
    response.end("end", () => {});
  });
  const reply = await send(server, "GET", "/");
  const { reply: recorded } = await end(server);
  expect(recorded).toMatchObject({ bytes: reply.length, beginning: reply.toString("base64") });
  expect(reply.toString("latin1")).toBe("\xc3\xa9\xe9bufferab12end");
});

test.each([
  ["HEAD", 200],
  ["GET", 204],
  ["GET", 304],
])("a reply to %s with status %i has no body, whatever is written", async (method, status) => {
  const server = await startRecordedServer((_incoming, response) => {
    response.writeHead(status);
    response.end("text");
  });
  expect(await send(server, method, "/")).toHaveLength(0);
  expect(await end(server)).toMatchObject({ outcome: "complete", reply: { bytes: 0 } });
});
