import type { WebSocket } from "ws";
import { AppError } from "../../../shared/errors/errors.ts";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import type { ActionQueue } from "../actions/action-queue.ts";
import { describeAction } from "../actions/describe-action.ts";
import { malformedReply, wrongMethod } from "../actions/failed-try.ts";
import type { GuestShell, ShellOptions, ShellRequest } from "../actions/guest-actions.ts";
import type { MetaLimits } from "../limits.ts";
import { watchPeer } from "./peer-watch.ts";
import { createShellTraffic } from "./shell-traffic.ts";
import { closeNormal, closeProtocolError } from "./websocket-handshake.ts";

/** See `GuestActions.openShell`. */
export async function openShell(
  queue: ActionQueue,
  limits: MetaLimits,
  shell: ShellRequest,
  { receive, signal, isFreeOfRules, purpose, isCutAtEnd = false }: ShellOptions,
): Promise<GuestShell> {
  const request = { type: "exec-shell", ...shell } as const;
  const opened = Promise.withResolvers<GuestShell["send"]>();
  const ended = queue.perform({
    request,
    signal,
    isFreeOfRules,
    purpose,
    receive: async ({ request: { method }, openWebSocket }, stop) => {
      if (method !== "GET") throw wrongMethod(method, "GET");
      if (!openWebSocket) throw malformedReply("a shell's reply has to ask for a WebSocket");
      const what = describeAction(request);
      const options = { what, limits, isCutAtEnd, receive, signal: stop, onOpen: opened.resolve };
      return await talk(openWebSocket(), options);
    },
  });
  ended.catch(opened.reject);
  return { send: await opened.promise, ended };
}

interface Talk {
  /** Names the shell in errors. */
  readonly what: string;
  readonly limits: MetaLimits;
  readonly isCutAtEnd: boolean;
  readonly receive: ShellOptions["receive"];
  readonly signal: AbortSignal;
  /** Called at once, with a function that sends messages. */
  readonly onOpen: (send: GuestShell["send"]) => void;
}

type Ending = { readonly success: boolean } | { readonly thrown: unknown };

/**
 * Talks with the guest's end of a shell. Settles when the shell is over, one way or another: at Exit, at an error, or
 * when an abort's grace is up. The connection is closed after that, because some guests never close theirs.
 */
function talk(
  socket: WebSocket,
  { what, limits, isCutAtEnd, receive, signal, onOpen }: Talk,
): GuestShell["ended"] {
  const traffic = createShellTraffic();
  const ended = Promise.withResolvers<{ readonly success: boolean }>();
  let isOver = false;
  let grace: NodeJS.Timeout | undefined;

  const settle = (how: Ending) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(grace);
    signal.removeEventListener("abort", abort);
    if (signal.aborted) ended.reject(signal.reason);
    else if ("thrown" in how) ended.reject(how.thrown);
    else ended.resolve(how);
  };
  const end = (how: Ending, closeCode: number) => {
    settle(how);
    socket.close(closeCode);
  };
  const cutOff = (why: string) => settle({ thrown: failed(what, `was cut off: ${why}`) });
  const deliver = watchPeer(socket, limits, (why) => {
    cutOff(why);
    socket.terminate();
  });
  const abort = () => {
    deliver(encodeShellMessage({ type: "abort" }));
    // biome-ignore lint/style/noRestrictedGlobals: a person waits for this, who may have paused the guest.
    grace ??= setTimeout(() => end({ success: false }, closeNormal), limits.shellAbortGrace);
  };
  signal.addEventListener("abort", abort);

  socket.on("message", (bytes: Buffer, isBinary) => {
    if (!isBinary || isOver) return;
    const message = attempt(() => traffic.fromGuest(bytes));
    if (message instanceof Error)
      return end(
        { thrown: failed(what, `got an invalid message from the guest: ${message.message}`) },
        closeProtocolError,
      );
    if (message && !signal.aborted) receive(bytes);
    if (message?.type === "exit") end({ success: message.success }, closeNormal);
  });
  socket.on("error", (error) => !isCutAtEnd && cutOff(error.message));
  socket.once("close", () => {
    if (grace) settle({ success: false });
    else if (isCutAtEnd) settle({ success: true });
    else cutOff("its connection broke before it had ended");
  });

  onOpen((bytes) => {
    if (isOver || signal.aborted) return;
    const message = attempt(() => traffic.toGuest(bytes));
    if (message instanceof Error)
      throw failed(what, `got an invalid message from this host: ${message.message}`);
    if (message.type === "abort") abort();
    else deliver(bytes);
  });
  return ended.promise;
}

function attempt<T>(check: () => T): T | Error {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function failed(what: string, why: string): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: `${what} ${why}`,
    advice: "Open another shell. The action log and the guest's console may show the cause.",
  });
}
