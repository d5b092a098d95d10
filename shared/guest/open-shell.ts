import { listenToBytes } from "../channel/byte-channel.ts";
import type { Channel } from "../channel/channel.ts";
import { AppError } from "../errors/errors.ts";
import { createShellClient, type ShellClient, type ShellClientOptions } from "./shell-client.ts";

/** An AbortSignal, of Node or of a browser. */
interface Aborting {
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

interface ShellChannelOptions extends Pick<ShellClientOptions, "onOutput"> {
  readonly signal: Aborting;
  /** The reason for a channel that closes before the shell has ended. */
  readonly lost: () => unknown;
}

/**
 * Talks to a shell on a channel that was just opened for it. When the signal aborts, the shell is killed.
 *
 * @throws AppError as the session says; the signal's reason when it aborts
 */
export async function openShellOn(
  channel: Channel,
  { signal, lost, onOutput }: ShellChannelOptions,
): Promise<ShellClient> {
  const shell = createShellClient({ send: (message) => void channel.send(message), onOutput });
  const opened = Promise.withResolvers<void>();
  let hasEnded = false;
  const fail = (reason: unknown) => {
    opened.reject(reason);
    shell.disconnected(reason);
    channel.close();
  };
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  listenToBytes(channel, {
    onBytes: shell.receive,
    onNote: (note) => {
      if (note.type === "open") opened.resolve();
      else if (note.type === "failed") fail(new AppError(note.error));
      else hasEnded = true;
    },
    onClose: () => {
      signal.removeEventListener("abort", onAbort);
      if (!hasEnded) fail(lost());
    },
  });
  await opened.promise;
  return shell;
}
