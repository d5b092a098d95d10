import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import type { ServiceClient } from "./service-client.ts";
import type { AskForAction } from "./service-rule.ts";

/** Takes the next message from the host. @param within milliseconds in which there may be none */
export interface NextMessage {
  (): Promise<ShellMessage>;
  (within: number): Promise<ShellMessage | undefined>;
}

/** Opens the shell that the service asks for, plays it, and waits for its end on both sides. */
export async function talk(
  service: ServiceClient,
  ask: AskForAction,
  play: (socket: WebSocket, next: NextMessage) => Promise<string | undefined>,
  { input, output = "echoed: input" }: { readonly input?: string; readonly output?: string } = {},
): Promise<string | undefined> {
  const { patience } = service;
  const asked = ask("exec-shell", input).catch((error) => `the error ${error.message}`);
  const { id } = await service.pollFor("exec-shell");
  const messages: ShellMessage[] = [];
  let wake = () => {};
  const socket = await service.openShell(id, (data) => {
    const message = decodeShellMessage(data);
    if (message) messages.push(message);
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  const arrival = async (limit: number) => {
    if (messages.length > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    using _limit = setTimeout(resolve, limit);
    await promise;
  };
  const next = async (within?: number) => {
    await arrival(within ?? patience);
    const message = messages.shift();
    if (message || within !== undefined) return message;
    throw new Error("no message came");
  };
  try {
    const violation = await play(socket, next as NextMessage);
    if (violation !== undefined) return violation;
    const code = await Promise.race([closed, delay(2 * patience, undefined, { ref: false })]);
    if (code === undefined) return "the connection was not closed in time";
    if (code !== 1000) return `the connection closed with ${code}`;
    const got = await asked;
    return got.includes(output) ? undefined : `the service took it for ${JSON.stringify(got)}`;
  } finally {
    socket.terminate();
  }
}

/** Reads the input to its end, sends it back as output, and waits for its acknowledgement. */
export async function echo(socket: WebSocket, next: NextMessage): Promise<string | undefined> {
  const input: Uint8Array[] = [];
  for (;;) {
    const message = await next();
    if (message.type === "size") continue;
    if (message.type !== "data" || message.stream !== "stdin")
      return `a message ${message.type} in place of the input`;
    if (message.payload.length === 0) break;
    input.push(message.payload);
    send(socket, { type: "ack", stream: "stdin", bytes: message.payload.length });
  }
  const output = Buffer.from(`echoed: ${Buffer.concat(input)}`);
  send(socket, { type: "data", stream: "stdout", payload: output });
  let acknowledged = 0;
  while (acknowledged < output.length) {
    const message = await next();
    if (message.type !== "ack" || message.stream !== "stdout")
      return `a message ${message.type} in place of an acknowledgement`;
    acknowledged += message.bytes;
  }
  return acknowledged === output.length
    ? undefined
    : `${acknowledged} bytes were acknowledged, and ${output.length} sent`;
}

/** Sends a message to the host. */
export function send(socket: WebSocket, message: ShellMessage): void {
  socket.send(encodeShellMessage(message));
}
