import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ExchangeEvent } from "../../../shared/guest/exchange.ts";
import { eventually } from "../../../tests/eventually.ts";
import { makeTestFolder } from "../service/test-service.ts";
import { type BodyLimits, defaultBodyLimits } from "./body-recorder.ts";
import { createExchangeRecorder, type ExchangeRecorder } from "./exchange-recorder.ts";
import { watchedMessages } from "./watch-http.ts";

interface RecordedServer {
  readonly socketPath: string;
  readonly recorder: ExchangeRecorder;
  readonly events: readonly ExchangeEvent[];
  /** The notes to the person about what is not kept. */
  readonly notes: readonly string[];
  /** The session's folder. */
  readonly folder: string;
  /** The server's side of each connection. */
  readonly connections: readonly Socket[];
}

/** Starts a server whose exchanges are recorded. */
async function startRecordedServer(
  serve: RequestListener,
  limits: Partial<BodyLimits> = {},
): Promise<RecordedServer> {
  const folder = await makeTestFolder();
  const socketPath = join(folder, "test.sock");
  const events: ExchangeEvent[] = [];
  const notes: string[] = [];
  const recorder = createExchangeRecorder({
    report: (event) => events.push(event),
    folder,
    limits: { ...defaultBodyLimits, ...limits },
    onNote: (text) => notes.push(text),
  });
  const connections: Socket[] = [];
  const server = createServer({ ...watchedMessages, requireHostHeader: false }, (incoming, response) => {
    recorder.begin(incoming, response);
    serve(incoming, response);
  });
  server.on("connection", (socket) => connections.push(socket));
  await once(server.listen(socketPath), "listening");
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await recorder.close();
  });
  return { socketPath, recorder, events, notes, folder, connections };
}

/** Sends a request, and returns the reply's body. */
async function send(
  { socketPath }: RecordedServer,
  method: string,
  target: string,
  body?: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Buffer> {
  const outgoing = request({ socketPath, method, path: target, agent: false, headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  return await buffer(incoming);
}

async function connectTo({ socketPath }: RecordedServer): Promise<Socket> {
  const socket = connect(socketPath);
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

type Ended = Extract<ExchangeEvent, { type: "exchange-ended" }>;

/** Waits until this many exchanges have ended, and returns their ends in the order in which they began. */
async function ends({ events }: RecordedServer, count = 1): Promise<readonly Ended[]> {
  const look = () => {
    const ended = events.filter((event) => event.type === "exchange-ended");
    expect(ended).toHaveLength(count);
    return ended.toSorted((a, b) => a.exchange - b.exchange);
  };
  return await eventually(look, { interval: 5 });
}

async function end(server: RecordedServer): Promise<Ended> {
  const [ended] = await ends(server);
  if (!ended) throw new Error("no exchange has ended");
  return ended;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const time = expect.any(Number);
const echo: RequestListener = (incoming, response) => void incoming.pipe(response);

test("a request and its reply are told as they happen, with all that went over the wire", async () => {
  const server = await startRecordedServer(async (incoming, response) => {
    await buffer(incoming);
    response.setHeader("X-One", ["a", "b"]);
    response.writeHead(202, { "Content-Length": 5, Date: "now" }).end("reply");
  });
  const guest = await connectTo(server);
  guest.write(
    "POST /engine/v1/log?a=1&b HTTP/1.1\r\nHOST: here\r\nx-two: 1\r\nX-Two: 2\r\nContent-Length: 7\r\n\r\nrequest",
  );
  await end(server);
  expect(server.events).toEqual([
    {
      type: "exchange-started",
      exchange: 1,
      time,
      method: "POST",
      target: "/engine/v1/log?a=1&b",
      headers: [
        ["HOST", "here"],
        ["x-two", "1"],
        ["X-Two", "2"],
        ["Content-Length", "7"],
      ],
    },
    {
      type: "exchange-replied",
      exchange: 1,
      time,
      status: 202,
      headers: [
        ["X-One", "a"],
        ["X-One", "b"],
        ["Content-Length", "5"],
        ["Date", "now"],
        ["Connection", "keep-alive"],
        ["Keep-Alive", "timeout=5"],
      ],
    },
    {
      type: "exchange-ended",
      exchange: 1,
      time,
      outcome: "complete",
      request: { bytes: 7, beginning: base64("request"), file: undefined },
      reply: { bytes: 5, beginning: base64("reply"), file: undefined },
    },
  ]);
  const times = server.events.map((event) => event.time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(existsSync(join(server.folder, "bodies"))).toBe(false);
});

test("a reply is told of when its first byte is sent, not when it ends", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await startRecordedServer(async (_incoming, response) => {
    response.statusCode = 201;
    await gates[0]?.promise;
    response.flushHeaders();
    await gates[1]?.promise;
    response.end("late");
  });
  const reply = send(server, "GET", "/");
  await eventually(() => expect(server.events).toHaveLength(1));
  gates[0]?.resolve();
  await eventually(() => expect(server.events).toHaveLength(2));
  expect(server.events[1]).toMatchObject({ type: "exchange-replied", status: 201 });
  gates[1]?.resolve();
  expect(String(await reply)).toBe("late");
  expect(await end(server)).toMatchObject({ outcome: "complete", reply: { bytes: 4 } });
});

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

test("bytes are kept as they were when they were written", async () => {
  const server = await startRecordedServer((_incoming, response) => {
    const block = Buffer.alloc(6000, "a");
    response.write(block, () => {
      response.end(block.fill("b"));
    });
  });
  const reply = await send(server, "GET", "/");
  const { reply: recorded } = await end(server);
  expect(readFileSync(join(server.folder, recorded.file ?? "")).equals(reply)).toBe(true);
  expect(recorded.beginning).toBe(base64("a".repeat(4096)));
});

test("longer bodies are in files, from their first byte to the limit, for this user's eyes only", async () => {
  const server = await startRecordedServer(echo);
  const body = randomBytes(3e6);
  await send(server, "POST", "/", body.subarray(0, 4096));
  await send(server, "POST", "/", body.subarray(0, 4097));
  expect(await send(server, "POST", "/", body)).toHaveLength(body.length);
  const [short, longer, longest] = await ends(server, 3);
  expect(short).toMatchObject({ request: { file: undefined }, reply: { file: undefined } });
  expect(longer).toMatchObject({ request: { file: "bodies/2.request" }, reply: { file: "bodies/2.reply" } });
  expect(readdirSync(join(server.folder, "bodies")).sort()).toEqual([
    "2.reply",
    "2.request",
    "3.reply",
    "3.request",
  ]);
  for (const recorded of [longer?.request, longer?.reply, longest?.request, longest?.reply]) {
    const path = join(server.folder, recorded?.file ?? "");
    expect(readFileSync(path).equals(body.subarray(0, Math.min(recorded?.bytes ?? 0, 1024 ** 2)))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(recorded?.beginning).toBe(body.subarray(0, 4096).toString("base64"));
  }
  expect(longest).toMatchObject({ request: { bytes: 3e6 }, reply: { bytes: 3e6 } });
  expect(statSync(join(server.folder, "bodies")).mode & 0o777).toBe(0o700);
});

test("a body in small pieces is kept like any other", async () => {
  const server = await startRecordedServer(echo);
  const body = randomBytes(20_000);
  const guest = await connectTo(server);
  guest.write(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let start = 0; start < body.length; start += 10)
    guest.write(Buffer.concat([Buffer.from("a\r\n"), body.subarray(start, start + 10), Buffer.from("\r\n")]));
  guest.write("0\r\n\r\n");
  const { request: recorded } = await end(server);
  expect(readFileSync(join(server.folder, recorded.file ?? "")).equals(body)).toBe(true);
});

test("a body that pauses until the disk has what came goes on in the same file", async () => {
  const server = await startRecordedServer(echo);
  const shell = server.recorder.beginUpgrade({ rawHeaders: [] });
  const path = join(server.folder, "bodies/1.request");
  for (const bytes of [5_000, 6_000, 7_000]) {
    shell.received(Buffer.alloc(bytes === 5_000 ? bytes : 1_000));
    await eventually(() => expect(statSync(path).size).toBe(bytes), { interval: 5 });
    await setImmediate();
  }
  shell.ended("complete");
  expect(await end(server)).toMatchObject({ request: { bytes: 7_000, file: "bodies/1.request" } });
});

test("all files of a session together have a limit", async () => {
  const server = await startRecordedServer(
    (incoming, response) => void incoming.resume().on("end", () => response.end()),
    {
      session: 25_000,
    },
  );
  const body = randomBytes(10_000);
  for (let number = 0; number < 5; number++) await send(server, "POST", "/", body);
  const ended = await ends(server, 5);
  const sizes = ended.map(({ request: { file } }) => file && statSync(join(server.folder, file)).size);
  expect(sizes).toEqual([10_000, 10_000, 5_000, undefined, undefined]);
  expect(ended.at(-1)?.request).toMatchObject({
    bytes: 10_000,
    beginning: body.subarray(0, 4096).toString("base64"),
  });
  expect(server.notes).toEqual([
    "From here on, Tinsmith keeps only the first 4.1 kB of each body of the guest's requests and replies: they have grown to 25.0 kB.",
  ]);
});

test("bodies leave space on the disk, which is said once", async () => {
  const server = await startRecordedServer(echo, { reserve: Number.MAX_SAFE_INTEGER });
  const body = randomBytes(5_000);
  for (let number = 0; number < 2; number++) expect(await send(server, "POST", "/", body)).toEqual(body);
  for (const ended of await ends(server, 2))
    expect(ended.request).toMatchObject({ bytes: 5_000, file: undefined });
  expect(server.notes).toEqual([
    expect.stringMatching(/only the first 4\.1 kB of each .* their disk has less than/),
  ]);
});

test("a file that can't be written costs that file only, and gives back its room", async () => {
  const server = await startRecordedServer(echo, { session: 10_000 });
  const bodies = join(server.folder, "bodies");
  writeFileSync(bodies, "no folder");
  const body = randomBytes(5_000);
  expect(await send(server, "POST", "/", body)).toEqual(body);
  expect(await end(server)).toMatchObject({
    outcome: "complete",
    request: { bytes: 5_000, file: undefined },
    reply: { bytes: 5_000, file: undefined },
  });
  expect(readFileSync(bodies, "utf8")).toBe("no folder");
  rmSync(bodies);
  expect(await send(server, "POST", "/", body)).toEqual(body);
  const [, second] = await ends(server, 2);
  for (const recorded of [second?.request, second?.reply])
    expect(readFileSync(join(server.folder, recorded?.file ?? "")).equals(body)).toBe(true);
});

test("a file that already exists is neither written to nor removed", async () => {
  const server = await startRecordedServer(echo);
  const path = join(server.folder, "bodies/1.request");
  mkdirSync(join(server.folder, "bodies"));
  writeFileSync(path, "of an earlier time");
  await send(server, "POST", "/", randomBytes(5_000));
  expect(await end(server)).toMatchObject({
    request: { file: undefined },
    reply: { file: "bodies/1.reply" },
  });
  expect(readFileSync(path, "utf8")).toBe("of an earlier time");
});

test("requests that come before their replies are told apart, and replies are told of as they are sent", async () => {
  const waiting: (() => void)[] = [];
  const server = await startRecordedServer((incoming, response) => {
    waiting.push(() => response.end(`reply to ${incoming.url}`));
  });
  const warnings = vi.fn();
  process.on("warning", warnings);
  onTestFinished(() => void process.off("warning", warnings));
  const guest = await connectTo(server);
  const count = 20;
  for (let number = 1; number <= count; number++) guest.write(`GET /${number} HTTP/1.1\r\n\r\n`);
  await eventually(() => expect(waiting).toHaveLength(count));
  for (const reply of waiting.slice(1)) reply();
  await setImmediate();
  expect(server.events.filter(({ type }) => type !== "exchange-started")).toEqual([]);
  waiting[0]?.();
  const ended = await ends(server, count);
  expect(ended.map(({ outcome, reply }) => `${outcome} ${atob(reply.beginning)}`)).toEqual(
    Array.from({ length: count }, (_, index) => `complete reply to /${index + 1}`),
  );
  const replied = server.events.filter(({ type }) => type === "exchange-replied");
  expect(replied.map(({ exchange }) => exchange)).toEqual(ended.map(({ exchange }) => exchange));
  expect(warnings).not.toHaveBeenCalled();
});

test("a connection with many exchanges gathers no listeners", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end());
  const guest = await connectTo(server);
  const listeners = () =>
    server.connections[0]?.eventNames().map((name) => server.connections[0]?.listenerCount(name));
  const counts: unknown[] = [];
  for (let number = 1; number <= 20; number++) {
    guest.write("GET / HTTP/1.1\r\n\r\n");
    await ends(server, number);
    counts.push(listeners());
  }
  expect(counts.at(-1)).toEqual(counts[0]);
});

test("a client that breaks off cuts its exchange: in the request, before the reply, and in the reply", async () => {
  const server = await startRecordedServer((incoming, response) => {
    if (incoming.url === "/reply") response.write(Buffer.alloc(50e6));
  });
  const requests = [
    "POST /request HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
    "GET /wait HTTP/1.1\r\n\r\n",
    "GET /reply HTTP/1.1\r\n\r\n",
  ];
  for (const [index, bytes] of requests.entries()) {
    const guest = await connectTo(server);
    guest.write(bytes);
    await eventually(() => expect(server.events.at(-1)?.exchange).toBe(index + 1));
    if (bytes.includes("/reply")) await once(guest, "readable");
    guest.destroy();
    await ends(server, index + 1);
  }
  const [inRequest, waiting, inReply] = await ends(server, 3);
  expect(inRequest).toMatchObject({ outcome: "cut", request: { bytes: 4, beginning: base64("half") } });
  expect(waiting).toMatchObject({ outcome: "cut", reply: { bytes: 0 } });
  expect(inReply).toMatchObject({ outcome: "cut", reply: { bytes: 50e6 } });
  expect(
    server.events.filter(({ type }) => type === "exchange-replied").map(({ exchange }) => exchange),
  ).toEqual([3]);
});

test("a reply that was ended, but did not reach its client, is cut", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end(Buffer.alloc(50e6)));
  const guest = await connectTo(server);
  guest.write("GET / HTTP/1.1\r\n\r\n");
  await once(guest, "readable");
  guest.destroy();
  expect(await end(server)).toMatchObject({ outcome: "cut" });
});

test("a body that turns to nonsense is cut", async () => {
  const server = await startRecordedServer((incoming, response) => {
    incoming
      .on("error", () => {})
      .resume()
      .on("end", () => response.end());
  });
  const guest = await connectTo(server);
  guest.write("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n");
  expect(await end(server)).toMatchObject({
    outcome: "cut",
    request: { bytes: 3, beginning: base64("abc") },
  });
});

test("a reply that closes the connection is complete", async () => {
  const server = await startRecordedServer((_incoming, response) =>
    response.setHeader("Connection", "close").end("bye"),
  );
  const guest = await connectTo(server);
  guest.write("GET / HTTP/1.0\r\n\r\n");
  expect((await buffer(guest)).toString()).toContain("bye");
  expect(await end(server)).toMatchObject({ outcome: "complete", reply: { bytes: 3 } });
});

test("what becomes a WebSocket is recorded as it is told", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end());
  const head = { method: "GET", url: "/engine/v1/reply?id=1", rawHeaders: ["Upgrade", "websocket"] };
  const shell = server.recorder.beginUpgrade(head);
  shell.replied(101, [["Upgrade", "websocket"]]);
  const message = Buffer.from("sent");
  shell.sent(message);
  message.fill("x");
  shell.received(Buffer.alloc(5000, "r"));
  shell.ended("complete");
  shell.ended("cut");
  shell.sent(message);
  shell.replied(500, []);
  await end(server);
  expect(server.events).toEqual([
    {
      type: "exchange-started",
      exchange: shell.number,
      time,
      method: "GET",
      target: "/engine/v1/reply?id=1",
      headers: [["Upgrade", "websocket"]],
    },
    {
      type: "exchange-replied",
      exchange: shell.number,
      time,
      status: 101,
      headers: [["Upgrade", "websocket"]],
    },
    {
      type: "exchange-ended",
      exchange: shell.number,
      time,
      outcome: "complete",
      request: { bytes: 5000, beginning: base64("r".repeat(4096)), file: "bodies/1.request" },
      reply: { bytes: 4, beginning: base64("sent"), file: undefined },
    },
  ]);
});

test("closing cuts what is open and waits for its files; numbers go on afterwards", async () => {
  const server = await startRecordedServer(() => {});
  const shell = server.recorder.beginUpgrade({ rawHeaders: [] });
  shell.sent(Buffer.alloc(100_000));
  await server.recorder.close();
  expect(server.events.at(-1)).toMatchObject({
    outcome: "cut",
    reply: { bytes: 100_000, file: "bodies/1.reply" },
  });
  expect(statSync(join(server.folder, "bodies/1.reply")).size).toBe(100_000);
  expect(server.recorder.beginUpgrade({ rawHeaders: [] }).number).toBe(2);
});
