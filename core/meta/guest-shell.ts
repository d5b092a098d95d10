import type { WebSocket } from "ws";
import { AppError } from "../../shared/errors.ts";
import { encodeShellMessage } from "../../shared/shell-codec.ts";
import type { ActionQueue } from "./action-queue.ts";
import { describeAction } from "./describe-action.ts";
import { malformedReply, wrongMethod } from "./failed-try.ts";
import type { GuestShell, ShellOptions, ShellRequest } from "./guest-actions.ts";
import type { MetaLimits } from "./limits.ts";
import { watchPeer } from "./peer-watch.ts";
import { createShellTraffic } from "./shell-traffic.ts";

/** Status codes of a WebSocket's close: RFC 6455, section 7.4.1. */
const closeNormal = 1000;
const closeProtocolError = 1002;

/** See `GuestActions.openShell`. */
export async function openShell(
  queue: ActionQueue,
  limits: MetaLimits,
  shell: ShellRequest,
  { receive, signal }: ShellOptions,
): Promise<GuestShell> {
  const request = { type: "exec-shell", ...shell } as const;
  const opened = Promise.withResolvers<GuestShell["send"]>();
  const ended = queue.perform({
    request,
    signal,
    receive: async ({ request: { method }, openWebSocket }, stop) => {
      if (method !== "GET") throw wrongMethod(method, "GET");
      if (!openWebSocket) throw malformedReply("a shell's reply has to ask for a WebSocket");
      const what = describeAction(request);
      return await talk(openWebSocket(), { what, limits, receive, signal: stop, onOpen: opened.resolve });
    },
  });
  ended.catch(opened.reject);
  return { send: await opened.promise, ended };
}

interface Talk {
  /** Names the shell in errors. */
  readonly what: string;
  readonly limits: MetaLimits;
  readonly receive: ShellOptions["receive"];
  readonly signal: AbortSignal;
  /** Called at once, with what sends messages. */
  readonly onOpen: (send: GuestShell["send"]) => void;
}

type Ending = { readonly success: boolean } | { readonly thrown: unknown };

/** Talks with the guest's end of a shell. Settles when the shell is over, one way or another, and the connection closed. */
function talk(socket: WebSocket, { what, limits, receive, signal, onOpen }: Talk): GuestShell["ended"] {
  const traffic = createShellTraffic();
  const ended = Promise.withResolvers<{ readonly success: boolean }>();
  let ending: Ending | undefined;
  let grace: NodeJS.Timeout | undefined;

  const end = (how: Ending, closeCode: number) => {
    ending ??= how;
    socket.close(closeCode);
  };
  const cutOff = (why: string) => {
    ending ??= { thrown: failed(what, `was cut off: ${why}`) };
  };
  const deliver = watchPeer(socket, limits, (why) => {
    cutOff(why);
    socket.terminate();
  });
  const abort = () => {
    deliver(encodeShellMessage({ type: "abort" }));
    grace ??= setTimeout(() => end({ success: false }, closeNormal), limits.shellAbortGrace);
  };
  const onAbort = () => {
    ending ??= { thrown: signal.reason };
    abort();
  };
  signal.addEventListener("abort", onAbort);

  socket.on("message", (bytes: Buffer, isBinary) => {
    if (!isBinary || ending) return;
    const message = attempt(() => traffic.fromGuest(bytes));
    if (message instanceof Error)
      return end(
        { thrown: failed(what, `got nonsense from the guest: ${message.message}`) },
        closeProtocolError,
      );
    if (message) receive(bytes);
    if (message?.type === "exit") end({ success: message.success }, closeNormal);
  });
  socket.on("error", (error) => cutOff(error.message));
  socket.once("close", () => {
    clearTimeout(grace);
    signal.removeEventListener("abort", onAbort);
    if (!grace) cutOff("its connection broke before it had ended");
    const how = ending ?? { success: false };
    if ("thrown" in how) ended.reject(how.thrown);
    else ended.resolve(how);
  });

  onOpen((bytes) => {
    if (ending) return;
    const message = attempt(() => traffic.toGuest(bytes));
    if (message instanceof Error) throw failed(what, `was sent nonsense: ${message.message}`);
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
    advice: "Open another one; the action log and the guest's console may tell why.",
  });
}
