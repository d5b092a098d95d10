import { once } from "node:events";
import type { OutgoingHttpHeaders } from "node:http";
import { setImmediate } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { type RawData, WebSocket } from "ws";
import { type Action, actionSchema } from "../../../shared/guest/guest-protocol.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import { connectRaw, countTimers, type Reply, send, type TestService, until } from "./test-service.ts";

/** Asks for an action, as guest tools do. */
export async function poll(service: TestService): Promise<Action> {
  const { body } = await send(service, "GET", "poll");
  return actionSchema.parse(JSON.parse(body));
}

/** Replies to an action. */
export async function reply(
  service: TestService,
  id: string,
  body: string | Uint8Array = "",
  { method = "POST", ...headers }: OutgoingHttpHeaders & { method?: string } = {},
): Promise<Reply> {
  return await send(service, method, `reply?id=${id}`, Buffer.from(body), headers);
}

/** Replies to list-folder. */
export async function replyListing(service: TestService, id: string, listing: unknown): Promise<Reply> {
  return await reply(service, id, JSON.stringify(listing), { "Content-Type": "application/json" });
}

/** Begins a reply with a length, waits until that is noticed, and returns its connection. */
export async function beginReply(service: TestService, id: string, beginning: string, length = 1000) {
  const guest = await connectRaw(service);
  const answered = countEvents(service, "action-answered");
  const head = `POST /engine/v1/reply?id=${id} HTTP/1.1\r\nContent-Type: application/json\r\n`;
  guest.write(`${head}Content-Length: ${length}\r\n\r\n${beginning}`);
  await until(() => countEvents(service, "action-answered") > answered);
  return guest;
}

/** The guest's end of a shell. */
export interface ShellEnd {
  readonly socket: WebSocket;
  /** All messages that came. */
  readonly messages: readonly ShellMessage[];
  send(message: ShellMessage): void;
  /** Settles with the code when the connection is closed. */
  readonly closed: Promise<number>;
}

/** Opens the guest's end of a shell. It closes when the other one does. */
export async function connectShell({ socketPath }: TestService, id: string): Promise<ShellEnd> {
  const socket = new WebSocket(`ws+unix:${socketPath}:/engine/v1/reply?id=${id}`);
  onTestFinished(() => socket.terminate());
  const messages: ShellMessage[] = [];
  socket.on("message", (data: RawData) => {
    const message = decodeShellMessage(data as Buffer);
    if (message) messages.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "open");
  return { socket, messages, closed, send: (message) => socket.send(encodeShellMessage(message)) };
}

/** Waits until this many timers run. */
export async function untilTimers(count: number): Promise<void> {
  await until(() => countTimers() === count);
}

/** How many events of a type were reported. */
export function countEvents({ events }: TestService, type: string): number {
  return events.filter((event) => event.type === type).length;
}

/** Waits until polls that have come may take an action: a few turns of the event loop later. */
export async function untilPollsWait(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
