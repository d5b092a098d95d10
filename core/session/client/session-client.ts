import { once } from "node:events";
import { WebSocket } from "ws";
import {
  consoleChannelPath,
  listenToBytes,
  type ShellChannelRequest,
  shellChannelTarget,
} from "../../../shared/channel/byte-channel.ts";
import { createClient } from "../../../shared/contracts/calls.ts";
import type { SessionClient } from "../../../shared/contracts/session-contract.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { openShellOn } from "../../../shared/guest/open-shell.ts";
import {
  createShellClient,
  type ShellClient,
  type ShellClientOptions,
} from "../../../shared/guest/shell-client.ts";
import { webSocketChannel } from "../serve/web-socket-channel.ts";

/** The serial console of a session. Disposing it closes its connection. */
export interface ConsoleClient extends Disposable, Pick<ShellClient, "write"> {}

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
  /**
   * Opens the serial console, with its output from the beginning, on a connection of its own.
   *
   * @param onOutput as that of a shell
   * @throws AppError `guest-no-answer` when the session ends before
   */
  openConsole(onOutput: (bytes: Uint8Array, consumed: () => void) => void): Promise<ConsoleClient>;
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
    openConsole: async (onOutput) => {
      const channel = webSocketChannel(open(consoleChannelPath));
      const client = createShellClient({
        send: (message) => void channel.send(message),
        onOutput: (_stream, bytes, consumed) => onOutput(bytes, consumed),
      });
      const opened = Promise.withResolvers<void>();
      listenToBytes(channel, {
        onBytes: client.receive,
        onNote: () => opened.resolve(),
        onClose: () => {
          client.disconnected(sessionEnded(session));
          opened.reject(sessionEnded(session));
        },
      });
      await opened.promise;
      return { write: client.write, [Symbol.dispose]: channel.close };
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
