import { type EventEmitter, once } from "node:events";
import { protocolLimits } from "../../../shared/limits.ts";
import { echo, type NextMessage, send, talk } from "./play-shell.ts";
import type { ServiceRule } from "./service-rule.ts";

/** More than a service may send unacknowledged. */
const longInput = "x".repeat(100_000);
/** Longer than a service takes to send what it may. Milliseconds. */
const windowTime = 1_000;

/** Takes input until no more comes, or all of it has come. @returns its bytes, or the violation in it */
async function allInput(next: NextMessage, all: number): Promise<number | string> {
  let bytes = 0;
  while (bytes < all) {
    const message = await next(windowTime);
    if (!message) return bytes;
    if (message.type === "size") continue;
    if (message.type !== "data") return `a message ${message.type} in place of the input`;
    const { length } = message.payload;
    if (length > protocolLimits.shellBlockBytes) return `a block of ${length} bytes`;
    bytes += length;
  }
  return bytes;
}

/** Rules about shells, which somebody asks the service for. */
export const serviceShellRules: readonly ServiceRule[] = [
  {
    id: "shell",
    sentence:
      "A shell sends its input and the input's end, takes output, acknowledges it, and closes after Exit with 1000.",
    source: "Shells",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      talk(service, ask, async (socket, next) => {
        const ended = await echo(socket, next);
        if (ended !== undefined) return ended;
        send(socket, { type: "exit", success: true });
        return undefined;
      }),
  },
  {
    id: "shell-old-exit",
    sentence: "Exit as type 3 with one byte, which older guests send, ends a shell too.",
    source: "Shells",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      talk(service, ask, async (socket, next) => {
        const ended = await echo(socket, next);
        if (ended !== undefined) return ended;
        socket.send(Uint8Array.of(3, 0));
        return undefined;
      }),
  },
  {
    id: "shell-input-window",
    sentence:
      "A shell sends at most 64 KiB of input that were not acknowledged, in blocks of 16 KiB at most.",
    source: "Shells",
    kind: "binding",
    needsActions: true,
    check: (service, ask) => {
      const play: Parameters<typeof talk>[2] = async (socket, next) => {
        let received = 0;
        while (received < longInput.length) {
          const unacknowledged = await allInput(next, longInput.length - received);
          if (typeof unacknowledged === "string") return unacknowledged;
          if (unacknowledged > protocolLimits.shellWindowBytes)
            return `${unacknowledged} bytes unacknowledged`;
          if (unacknowledged === 0) return `the input ended after ${received} bytes`;
          received += unacknowledged;
          send(socket, { type: "ack", stream: "stdin", bytes: unacknowledged });
        }
        send(socket, { type: "data", stream: "stdout", payload: Buffer.from(`${received} bytes`) });
        send(socket, { type: "exit", success: true });
        return undefined;
      };
      return talk(service, ask, play, { input: longInput, output: `${longInput.length} bytes` });
    },
  },
  {
    id: "shell-ping",
    sentence: "A shell's connection is pinged every 15 s.",
    source: "Shells, Ping",
    kind: "binding",
    needsActions: true,
    onlyWaits: true,
    check: (service, ask, onWaiting) =>
      talk(service, ask, async (socket, next) => {
        onWaiting();
        const isPinged = await comes(socket, "ping", 2 * service.patience);
        const ended = await echo(socket, next);
        send(socket, { type: "exit", success: true });
        return isPinged ? ended : "no ping came";
      }),
  },
  {
    id: "shell-pong",
    sentence: "Pings on a shell's connection are answered.",
    source: "Shells, Ping",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      talk(service, ask, async (socket, next) => {
        socket.ping();
        const isAnswered = await comes(socket, "pong", service.patience);
        const ended = await echo(socket, next);
        send(socket, { type: "exit", success: true });
        return isAnswered ? ended : "a ping was not answered";
      }),
  },
  {
    id: "shell-ignores",
    sentence: "A shell ignores text messages and empty ones.",
    source: "Shells",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      talk(service, ask, async (socket, next) => {
        socket.send("a text");
        socket.send(new Uint8Array());
        const ended = await echo(socket, next);
        send(socket, { type: "exit", success: true });
        return ended;
      }),
  },
];

/** Whether a message of that kind comes within so many milliseconds. */
async function comes(socket: EventEmitter, kind: "ping" | "pong", milliseconds: number): Promise<boolean> {
  return await once(socket, kind, { signal: AbortSignal.timeout(milliseconds) }).then(
    () => true,
    () => false,
  );
}
