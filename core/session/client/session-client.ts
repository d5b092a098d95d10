import { once } from "node:events";
import { WebSocket } from "ws";
import { type ShellChannelRequest, shellChannelTarget } from "../../../shared/channel/byte-channel.ts";
import { createClient } from "../../../shared/contracts/calls.ts";
import type { SessionClient } from "../../../shared/contracts/session-contract.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { openShellOn } from "../../../shared/guest/open-shell.ts";
import type { ShellClient, ShellClientOptions } from "../../../shared/guest/shell-client.ts";
import { webSocketChannel } from "../serve/web-socket-channel.ts";

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
    // The reason why a connection ends is also given by its close.
    socket.on("error", () => {});
    return socket;
  };
  const socket = open("/rpc");
  await once(socket, "open");
  return {
    api: createClient(webSocketChannel(socket), () => sessionEnded(session)),
    openShell: async (request, { signal, onOutput }) => {
      signal.throwIfAborted();
      return await openShellOn(webSocketChannel(open(shellChannelTarget(request))), {
        signal,
        onOutput,
        lost: () => sessionEnded(session),
      });
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

function sessionEnded(session: string): AppError {
  return new AppError({
    code: "guest-no-answer",
    message: `session ${session} ended before its guest had answered`,
    advice: "tinsmith sessions lists those that run.",
  });
}
