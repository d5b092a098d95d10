import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { WebSocket } from "ws";
import { createReceiveWindow, createSendWindow } from "../../shared/channel/flow-control.ts";
import {
  type Action,
  actionSchema,
  fileNotFound,
  guestErrorHeader,
  type Task,
  taskSchema,
} from "../../shared/guest/guest-protocol.ts";
import { decodeShellMessage, encodeShellMessage, type ShellMessage } from "../../shared/guest/shell-codec.ts";
import { protocolLimits } from "../../shared/limits.ts";

/** A shell as a script in a test sees it: its command, and both directions of bytes. */
export interface GuestShellScript {
  readonly action: Action;
  /** Sizes of the terminal, as they come. */
  readonly sizes: AsyncIterator<string>;
  /**
   * Pieces of input, to its end, or the host's request to end the shell. Each is acknowledged when the next one is
   * asked for.
   */
  readonly input: AsyncIterable<Uint8Array>;
  /** Settles when the host has consumed enough for all of it to be on the way. */
  print(bytes: Uint8Array | string): Promise<void>;
}

/** The properties and behaviour of a guest in a test. */
export interface GuestScript {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Plays a shell; what it returns is whether its command succeeded. */
  readonly shell: (shell: GuestShellScript) => Promise<boolean>;
}

/** Guest tools in this process, which poll a MetaService until they are disposed of. */
export interface TestGuest extends AsyncDisposable {
  /** The requests that it received, such as `kill-process` or `list-folder /tmp`. */
  readonly asked: readonly string[];
  /** Asks for the task. */
  task(): Promise<Task>;
  /** Reports the task's result. */
  finish(result: "success" | "failed", headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Adds to the task's log. */
  log(text: string): Promise<void>;
}

/** @param service where the MetaService listens */
export function startTestGuest(
  service: { socketPath: string } | { port: number },
  script: GuestScript,
): TestGuest {
  const asked: string[] = [];
  const stop = new AbortController();
  const send = async (method: string, path: string, body: string | Uint8Array = "", headers = {}) => {
    const target = { host: "127.0.0.1", ...service, path: `/engine/v1/${path}` };
    const outgoing = request({ ...target, method, headers, agent: false, signal: stop.signal }).end(body);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    return incoming;
  };
  const reply = async ({ id }: Action, body: string | Uint8Array, headers = {}) =>
    void (await send("POST", `reply?id=${id}`, body, headers)).resume();

  const perform = async (action: Action) => {
    asked.push(`${action.type} ${action.path || action.command.join(" ")}`.trimEnd());
    switch (action.type) {
      case "list-folder": {
        const files = Object.keys(script.files).filter((file) => file.startsWith(`${action.path}/`));
        const listing = JSON.stringify({ files, notFound: files.length === 0 });
        return await reply(action, listing, { "Content-Type": "application/json" });
      }
      case "get-artifact": {
        const file = script.files[action.path];
        return await reply(
          action,
          file ?? "",
          file === undefined ? { [guestErrorHeader]: fileNotFound } : {},
        );
      }
      case "kill-process":
        return await reply(action, "");
      case "exec-shell":
        return await playShell(addressOf(service, action.id), action, script.shell);
      case "none":
    }
  };
  const poll = async () => {
    while (!stop.signal.aborted) {
      const action = actionSchema.parse(await json(await send("GET", "poll")));
      perform(action).catch(ignoreEnd);
    }
  };
  // The service may end before its guest.
  const ignoreEnd = (error: unknown) => {
    const isConnection = error instanceof Error && "code" in error;
    if (!stop.signal.aborted && !isConnection) throw error;
  };
  const polled = poll().catch(ignoreEnd);
  return {
    asked,
    task: async () => taskSchema.parse(await json(await send("GET", "execute"))),
    finish: async (result, headers = {}) => void (await send("PUT", result, "", headers)).resume(),
    log: async (text) => void (await send("POST", "log", text)).resume(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await polled;
    },
  };
}

function addressOf(service: { socketPath: string } | { port: number }, id: string): string {
  const path = `/engine/v1/reply?id=${id}`;
  return "port" in service
    ? `ws://127.0.0.1:${service.port}${path}`
    : `ws+unix:${service.socketPath}:${path}`;
}

async function playShell(address: string, action: Action, script: GuestScript["shell"]): Promise<void> {
  const socket = new WebSocket(address);
  const send = (message: ShellMessage) => socket.send(encodeShellMessage(message));
  const toHost = createSendWindow(protocolLimits.shellWindowBytes);
  const fromHost = createReceiveWindow(protocolLimits.shellWindowBytes);
  const input = createQueue<Uint8Array>();
  const sizes = createQueue<string>();
  let acknowledged = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    const message = decodeShellMessage(data);
    if (message?.type === "size") sizes.push(`${message.columns}x${message.rows}`);
    if (message?.type === "data") {
      fromHost.received(message.payload.length);
      input.push(message.payload);
    }
    if (message?.type === "abort") input.push(new Uint8Array());
    if (message?.type !== "ack") return;
    toHost.acknowledged(message.bytes);
    acknowledged.resolve();
    acknowledged = Promise.withResolvers();
  });
  socket.once("close", () => {
    input.push(new Uint8Array());
    acknowledged.resolve();
  });
  await once(socket, "open");

  async function* readInput() {
    for (;;) {
      const bytes = await input.next();
      if (bytes.length === 0) return;
      yield bytes;
      fromHost.consumed(bytes.length);
      send({ type: "ack", stream: "stdin", bytes: bytes.length });
    }
  }
  const print = async (text: Uint8Array | string) => {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length && socket.readyState === WebSocket.OPEN; ) {
      const payload = bytes.subarray(start, start + Math.min(toHost.room(), protocolLimits.shellBlockBytes));
      if (payload.length === 0) await acknowledged.promise;
      else send({ type: "data", stream: "stdout", payload });
      toHost.sent(payload.length);
      start += payload.length;
    }
  };
  const sizeIterator: AsyncIterator<string> = {
    next: async () => ({ done: false, value: await sizes.next() }),
  };
  const success = await script({ action, sizes: sizeIterator, input: readInput(), print });
  send({ type: "exit", success });
}

/** A queue of items in order, for a reader who may come before or after them. */
function createQueue<Item>() {
  const items: Item[] = [];
  let wake = () => {};
  return {
    push: (item: Item) => {
      items.push(item);
      wake();
    },
    next: async (): Promise<Item> => {
      while (items.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return items.shift() as Item;
    },
  };
}
