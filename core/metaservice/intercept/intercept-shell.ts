import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import type { ShellMessageType, Side } from "../../../shared/rules/message-kinds.ts";
import { type MessageEdit, seenBytes } from "../../../shared/rules/rule.ts";
import type { SocketRules } from "../http/upgraded-connection.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import { bodyOf } from "./altered-body.ts";
import { applySteps, type StepHandlers, type StepResult } from "./apply-steps.ts";
import { holdMessage } from "./hold-message.ts";
import { delayMessage, type RuleContext } from "./rule-context.ts";

/** The shell whose messages are intercepted. */
export interface InterceptedShell {
  /** The request that became the shell, and what rules compare of it. */
  readonly request: IncomingMessage;
  readonly head: MessageHead;
  readonly exchange: number;
}

/** One message, and the way on. */
interface Passage {
  readonly from: Side;
  readonly type: ShellMessageType;
  readonly bytes: Buffer;
  /** Passes bytes on in its place. */
  readonly pass: (bytes: Buffer) => void;
}

/** Applies the rules of a session to the messages of a shell. */
export function interceptShell(shell: InterceptedShell, context: RuleContext): SocketRules {
  const turns = { guest: createTurns(), host: createTurns() };
  const isOpen = (from: Side) => context.rules.isIdle() && turns[from].isFree();

  /** Lets the rules decide about a message. */
  const take = (passage: Passage, socket: WebSocket): void => {
    // The sender reuses its bytes.
    const bytes = Buffer.from(passage.bytes);
    turns[passage.from].take(() => interceptMessage({ ...passage, bytes }, socket, shell, context));
  };

  return {
    incoming: (socket) => {
      const { emit } = socket;
      socket.emit = (event: string | symbol, ...args: unknown[]) => {
        const [data, isBinary] = args;
        const type = isOpen("guest") ? undefined : typeOfEvent(event, data, isBinary);
        const pass = (bytes: Buffer) =>
          void Reflect.apply(emit, socket, event === "message" ? [event, bytes, true] : [event, bytes]);
        if (!type || !Buffer.isBuffer(data)) return Reflect.apply(emit, socket, [event, ...args]);
        take({ from: "guest", type, bytes: data, pass }, socket);
        return true;
      };
    },
    outgoing: (socket) => {
      const wrap =
        (original: (...args: never[]) => void, typeOf: (bytes: Buffer) => ShellMessageType | undefined) =>
        (...args: unknown[]) => {
          const [data] = args;
          const bytes = data instanceof Uint8Array ? Buffer.from(data) : Buffer.alloc(0);
          const type = isOpen("host") ? undefined : typeOf(bytes);
          const pass = (altered: Buffer) => {
            if (socket.readyState === socket.OPEN) Reflect.apply(original, socket, [altered]);
          };
          if (!type) return Reflect.apply(original, socket, args);
          take({ from: "host", type, bytes, pass }, socket);
          // The time that rules take is not the guest's.
          const callback = args.findLast((one) => typeof one === "function");
          if (typeof callback === "function") callback();
        };
      socket.send = wrap(socket.send, typeOfBytes);
      socket.ping = wrap(socket.ping, () => "ping");
      socket.pong = wrap(socket.pong, () => "pong");
    },
  };
}

/** Does things one after another. */
function createTurns() {
  let last = Promise.resolve();
  let waiting = 0;
  return {
    isFree: () => waiting === 0,
    take: (work: () => Promise<void>) => {
      waiting += 1;
      last = last.then(work).finally(() => {
        waiting -= 1;
      });
    },
  };
}

async function interceptMessage(
  { from, type, bytes, pass }: Passage,
  socket: WebSocket,
  { request, head: { endpoint, method, action }, exchange }: InterceptedShell,
  context: RuleContext,
): Promise<void> {
  const message = decoded(bytes, type);
  const isData = message?.type === "data";
  const stream = message && "stream" in message ? message.stream : undefined;
  const head: MessageHead = { from, endpoint, method, action, message: type, stream };
  const state = { body: message?.type === "data" ? Buffer.from(message.payload) : bytes, split: 0, count: 1 };
  const edit = (change: MessageEdit): StepResult => {
    state.body = bodyOf(change) ?? state.body;
    return undefined;
  };
  const cut = (): StepResult => {
    socket.terminate();
    return "done";
  };
  const noAnswer = (): StepResult => ({ skipped: "a shell's message can't be answered" });
  const handlers: StepHandlers = {
    hold: (rule) =>
      holdMessage(
        rule,
        {
          ...{ head, exchange, request, edit, cut },
          began: Date.now(),
          socket: request.socket,
          headers: [],
          body: state.body,
          canEdit: true,
          answer: noAnswer,
        },
        context,
      ),
    edit,
    delay: (seconds) => delayMessage(seconds, { exchange, socket: request.socket }, context),
    throttle: () => ({ skipped: "a shell's message can't be throttled" }),
    split: (size) => {
      if (!isData) return { skipped: "only a message with data can be split" };
      state.split = size;
      return undefined;
    },
    cut,
    answer: noAnswer,
    drop: () => "done",
    repeat: () => {
      state.count += 1;
      return undefined;
    },
  };
  const hits = context.rules.hits(head, state.body.subarray(0, seenBytes));
  if (!(await applySteps(hits, { head, exchange, handlers }, context))) return;
  if (hits.length === 0) return pass(bytes);
  for (let time = 0; time < state.count; time += 1)
    for (const piece of splitBody(state.body, state.split))
      pass(
        message?.type === "data" ? Buffer.from(encodeShellMessage({ ...message, payload: piece })) : piece,
      );
}

function splitBody(body: Buffer, size: number): readonly Buffer[] {
  if (size === 0 || body.length <= size) return [body];
  const pieces: Buffer[] = [];
  for (let start = 0; start < body.length; start += size) pieces.push(body.subarray(start, start + size));
  return pieces;
}

function typeOfEvent(event: string | symbol, data: unknown, isBinary: unknown): ShellMessageType | undefined {
  if (event === "ping" || event === "pong") return event;
  return event === "message" && isBinary === true && Buffer.isBuffer(data) ? typeOfBytes(data) : undefined;
}

/** The type of a shell's message; undefined for one that has none, which rules leave alone. */
function typeOfBytes(bytes: Uint8Array): ShellMessageType | undefined {
  try {
    return decodeShellMessage(bytes)?.type;
  } catch {
    return undefined;
  }
}

function decoded(bytes: Uint8Array, type: ShellMessageType): ShellMessage | undefined {
  return type === "ping" || type === "pong" ? undefined : decodeShellMessage(bytes);
}
