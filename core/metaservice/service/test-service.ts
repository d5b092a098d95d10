import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";
import {
  type ErrorReplyCode,
  errorReplySchema,
  type TaskResult,
} from "../../../shared/guest/guest-protocol.ts";
import type { TaskOutcome } from "../../../shared/guest/task-outcome.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { type MetaService, type MetaServiceOptions, startMetaService } from "./meta-service.ts";

export interface TestService {
  readonly service: MetaService;
  readonly socketPath: string;
  /** The results that were reported, alone and with how the command ended. */
  readonly results: readonly TaskResult[];
  readonly outcomes: readonly TaskOutcome[];
  /** The events of actions, without the times. */
  readonly events: readonly ActionEvent[];
  /** All log bytes that were taken until now. */
  logged(): Buffer;
}

type ActionEvent = Parameters<NonNullable<MetaServiceOptions["onAction"]>>[0];

export interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const task = { env: { NAME: "value" }, command: ["make", "test"] };

/** Makes a folder for one test. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "meta-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** How many timers the newest service has while nothing happens: it looks after its socket. */
let idleTimers = 0;

/** How many timers run because of what happens, when they are watched. */
export function countTimers(): number {
  return vi.getTimerCount() - idleTimers;
}

/** Starts a service with a task, which is closed when the test has finished. */
export async function startTestService(options: Partial<MetaServiceOptions> = {}): Promise<TestService> {
  const socketPath = join(await makeTestFolder(), "meta.sock");
  const chunks: Uint8Array[] = [];
  const results: TaskResult[] = [];
  const outcomes: TaskOutcome[] = [];
  const events: ActionEvent[] = [];
  const started = await startMetaService({
    socketPath,
    task,
    log: (chunk) => void chunks.push(Buffer.from(chunk)),
    onResult: (outcome) => {
      results.push(outcome.result);
      outcomes.push(outcome);
    },
    onAction: (event) => events.push(event),
    clock: startGuestClock(),
    ...options,
  });
  idleTimers = vi.isFakeTimers() ? vi.getTimerCount() : 0;
  const service: MetaService = {
    ...started,
    close: async () => {
      await started.close();
      idleTimers = 0;
    },
  };
  onTestFinished(() => service.close());
  return { service, socketPath, results, outcomes, events, logged: () => Buffer.concat(chunks) };
}

/** Sends one request as an ordinary HTTP client. */
export async function send(
  { socketPath }: TestService,
  method: string,
  path: string,
  body?: Uint8Array,
  otherHeaders?: OutgoingHttpHeaders,
): Promise<Reply> {
  const headers = { Connection: "keep-alive", "Content-Length": body?.length ?? 0, ...otherHeaders };
  const outgoing = request({ socketPath, method, path: `/engine/v1/${path}`, headers, agent: false });
  outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) };
}

/** Connects as a client that is written by hand. */
export async function connectRaw({ socketPath }: TestService): Promise<Socket> {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Sends bytes, closes the sending half as `nc -N` does, and returns all that comes back until the other end closes. */
export async function sendRaw(service: TestService, bytes: string): Promise<string> {
  const socket = await connectRaw(service);
  socket.end(bytes);
  return (await buffer(socket)).toString();
}

/** The head of a log of this many bytes, and the first of them. */
export function openLog(firstBytes: string, length = 1000): string {
  return `POST /engine/v1/log HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n${firstBytes}`;
}

/** Reads the code in the body of an error reply, which may have its head before it. */
export function errorCodeIn(reply: string): ErrorReplyCode {
  return errorReplySchema.parse(JSON.parse(reply.slice(reply.indexOf("{")))).code;
}

/** How many servers and connections this process has open on unix sockets. */
export function countOpenPipes(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith("Pipe")).length;
}

/** Takes over the timers until the test has finished: it drives their clock, and can count them. */
export function watchTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Waits for a condition, without a timer, until it holds or the test's time is up. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
