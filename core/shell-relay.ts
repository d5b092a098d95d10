import type { WebSocket } from "ws";
import { type ChannelNote, channelClose, type ShellChannelRequest } from "../shared/byte-channel.ts";
import { AppError, toAppError } from "../shared/errors.ts";
import type { OfferedGuest } from "./offered-guest.ts";

/**
 * Joins a client's channel to a new shell in the guest, message by message, until the shell ends or the client is
 * gone, which kills it. How much can be on the way is bounded by the shell's windows, since the acknowledgements come
 * from the client.
 */
export async function relayShell(
  channel: WebSocket,
  request: ShellChannelRequest,
  guest: OfferedGuest,
): Promise<void> {
  const stop = new AbortController();
  channel.once("close", () => stop.abort(clientGone()));
  const note = (text: ChannelNote) => channel.send(JSON.stringify(text));
  try {
    await guest.use(async (actions) => {
      const receive = (message: Uint8Array) => channel.send(message);
      const shell = await actions.openShell(request, { signal: stop.signal, receive });
      channel.on("message", (data) => {
        try {
          if (data instanceof Buffer) shell.send(data);
        } catch (error) {
          stop.abort(error);
        }
      });
      note({ type: "open" });
      await shell.ended;
    });
    channel.close(channelClose.ended);
  } catch (thrown) {
    note({ type: "failed", error: toAppError(thrown).toJSON() });
    channel.close(channelClose.failed);
  }
}

function clientGone(): AppError {
  return new AppError({ code: "interrupted", message: "the shell's client has closed its connection" });
}
