import { once } from "node:events";
import { createServer, type RequestListener, request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished } from "vitest";
import { type BodyLimits, defaultBodyLimits } from "../core/metaservice/record/body-recorder.ts";
import {
  createExchangeRecorder,
  type ExchangeRecorder,
} from "../core/metaservice/record/exchange-recorder.ts";
import { watchedMessages } from "../core/metaservice/record/watch-http.ts";
import { makeTestFolder } from "../core/metaservice/service/test-service.ts";
import type { ExchangeEvent } from "../shared/guest/exchange.ts";
import { eventually } from "./eventually.ts";

/** A server whose exchanges are recorded, and the record. */
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
export async function startRecordedServer(
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
export async function send(
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

/** Opens a connection, for requests that are written byte by byte. */
export async function connectTo({ socketPath }: RecordedServer): Promise<Socket> {
  const socket = connect(socketPath);
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

type Ended = Extract<ExchangeEvent, { type: "exchange-ended" }>;

/** Waits until this many exchanges have ended, and returns their ends in the order in which they began. */
export async function ends({ events }: RecordedServer, count = 1): Promise<readonly Ended[]> {
  const look = () => {
    const ended = events.filter((event) => event.type === "exchange-ended");
    expect(ended).toHaveLength(count);
    return ended.toSorted((a, b) => a.exchange - b.exchange);
  };
  return await eventually(look, { interval: 5 });
}

/** Waits until one exchange has ended, and returns its end. */
export async function end(server: RecordedServer): Promise<Ended> {
  const [ended] = await ends(server);
  if (!ended) throw new Error("no exchange has ended");
  return ended;
}

/** A text as the record has it. */
export const base64 = (text: string) => Buffer.from(text).toString("base64");
/** Any time. */
export const time = expect.any(Number);
/** Replies with the body of the request. */
export const echo: RequestListener = (incoming, response) => void incoming.pipe(response);
