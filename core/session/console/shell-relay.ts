import { type ShellChannelRequest, sendNote } from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import type { LiveGuest } from "../live/live-guest.ts";

/**
 * Joins a client's channel to a new shell in the guest, message by message, until the shell ends or the client is
 * gone, which kills it. How much can be on the way is bounded by the shell's windows, since the acknowledgements come
 * from the client.
 */
export async function relayShell(
  channel: Channel,
  { purpose, ...request }: ShellChannelRequest,
  guest: LiveGuest,
): Promise<void> {
  const stop = new AbortController();
  channel.onClose(() => stop.abort(clientGone()));
  try {
    await guest.use(async (actions) => {
      const receive = (message: Uint8Array) => void channel.send(message);
      const shell = await actions.openShell(request, { signal: stop.signal, receive, purpose });
      channel.onMessage((message) => {
        try {
          if (typeof message !== "string") shell.send(message);
        } catch (error) {
          stop.abort(error);
        }
      });
      sendNote(channel, { type: "open" });
      await shell.ended;
    });
    sendNote(channel, { type: "ended" });
  } catch (thrown) {
    sendNote(channel, { type: "failed", error: toAppError(thrown).toJSON() });
  }
  channel.close();
}

function clientGone(): AppError {
  return new AppError({ code: "interrupted", message: "the shell's client has closed its connection" });
}
