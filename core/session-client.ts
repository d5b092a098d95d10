import { once } from "node:events";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import { WebSocket } from "ws";
import type { SessionClient } from "../shared/api.ts";
import { receiveErrors } from "../shared/api-calls.ts";
import {
  channelClose,
  channelNoteSchema,
  type ShellChannelRequest,
  shellChannelTarget,
} from "../shared/byte-channel.ts";
import { AppError } from "../shared/errors.ts";
import { createShellClient, type ShellClient, type ShellClientOptions } from "../shared/shell-client.ts";

/** A connection to the process of a running session. Disposing it cancels what was begun by it, but for shells. */
export interface SessionConnection extends Disposable {
  readonly api: SessionClient;
  /**
   * Starts a shell in the guest, on a connection of its own. When the signal aborts, it is killed.
   *
   * @throws AppError as GuestActions.openShell does; the signal's reason when it aborts.
   */
  openShell(
    request: ShellChannelRequest,
    options: Pick<ShellClientOptions, "onOutput"> & { readonly signal: AbortSignal },
  ): Promise<ShellClient>;
}

/** The process of a running session answers at once, unless it was stopped. Milliseconds. */
export const answerTimeout = 2_000;

/**
 * Connects to the process of a session.
 *
 * @throws the system's error when nobody listens on the socket, or no answer comes.
 */
export async function connectSession(
  session: string,
  socketPath: string,
  handshakeTimeout = answerTimeout,
): Promise<SessionConnection> {
  const open = (target: string) => {
    const socket = new WebSocket(`ws+unix:${socketPath}:${target}`, {
      perMessageDeflate: false,
      handshakeTimeout,
    });
    // What ends a connection is told by its close as well.
    socket.on("error", () => {});
    return socket;
  };
  const socket = open("/rpc");
  await once(socket, "open");
  const link = new RPCLink({
    websocket: socket,
    interceptors: [receiveErrors(() => sessionEnded(session))],
  });
  return {
    api: createORPCClient(link),
    openShell: async (request, { signal, onOutput }) => {
      signal.throwIfAborted();
      return await openShellOn(open(shellChannelTarget(request)), { signal, onOutput, session });
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

interface ShellChannelOptions extends Pick<ShellClientOptions, "onOutput"> {
  readonly signal: AbortSignal;
  readonly session: string;
}

/** @param channel a connection that is just being made: the first message may come with its opening */
async function openShellOn(
  channel: WebSocket,
  { signal, onOutput, session }: ShellChannelOptions,
): Promise<ShellClient> {
  const shell = createShellClient({ send: (message) => channel.send(message), onOutput });
  const opened = Promise.withResolvers<void>();
  const fail = (reason: unknown) => {
    opened.reject(reason);
    shell.disconnected(reason);
    channel.terminate();
  };
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  channel.on("message", (data: Buffer, isBinary) => {
    if (isBinary) return shell.receive(data);
    const note = channelNoteSchema.parse(JSON.parse(data.toString()));
    if (note.type === "open") opened.resolve();
    else fail(new AppError(note.error));
  });
  channel.once("close", (code) => {
    signal.removeEventListener("abort", onAbort);
    if (code !== channelClose.ended) fail(sessionEnded(session));
  });
  await opened.promise;
  return shell;
}

function sessionEnded(session: string): AppError {
  return new AppError({
    code: "guest-no-answer",
    message: `session ${session} ended before its guest had answered`,
    advice: "tinsmith sessions lists those that run.",
  });
}
