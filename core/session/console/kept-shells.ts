import { leaveNote, type ShellChannelQuery, sendNote } from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { decodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import { shellKeepTime } from "../../../shared/limits.ts";
import type { LiveGuest } from "../live/live-guest.ts";
import { relayConsole } from "./console-relay.ts";
import { type KeptShell, startKeptShell } from "./kept-shell.ts";

/** The shells of a session that are kept when their clients are gone, by their names. */
export interface KeptShells {
  /** Joins a client's channel to the shell of a name, which is started unless there is one or it may only be joined. */
  serve(channel: Channel, name: string, query: ShellChannelQuery): Promise<void>;
}

interface Entry {
  readonly shell: KeptShell;
  readonly clients: Set<Channel>;
  expiry?: NodeJS.Timeout;
}

export function createKeptShells(guest: LiveGuest, keepTime = shellKeepTime): KeptShells {
  const entries = new Map<string, Entry>();
  const find = (name: string, { command, tty, join }: ShellChannelQuery): Entry => {
    const known = entries.get(name);
    if (known) return known;
    if (join) throw noSuchShell();
    const entry: Entry = { shell: startKeptShell(guest, { command, tty }), clients: new Set() };
    entries.set(name, entry);
    entry.shell.opened.catch(() => entries.delete(name));
    return entry;
  };
  /** @param mayReturn whether it may be a page that is loaded again */
  const leave = (name: string, entry: Entry, client: Channel, mayReturn: boolean) => {
    entry.clients.delete(client);
    if (entry.clients.size > 0) return;
    const end = () => {
      entry.shell.end();
      entries.delete(name);
    };
    if (mayReturn) entry.expiry = setTimeout(end, keepTime).unref();
    else end();
  };

  return {
    serve: async (channel, name, query) => {
      try {
        const entry = find(name, query);
        const { shell } = entry;
        clearTimeout(entry.expiry);
        entry.clients.add(channel);
        let mayReturn = true;
        channel.onClose(() => leave(name, entry, channel, mayReturn));
        channel.onMessage((bytes) => {
          if (bytes === leaveNote) mayReturn = false;
          const message = typeof bytes === "string" ? undefined : readMessage(bytes);
          if (message?.type === "size") shell.resize(message.columns, message.rows);
          if (message?.type === "abort") shell.end();
        });
        await shell.opened;
        await relayConsole(channel, { from: query.from, answers: true }, shell);
      } catch (thrown) {
        sendNote(channel, { type: "failed", error: toAppError(thrown).toJSON() });
        channel.close();
      }
    },
  };
}

/** A message that can't be read is ignored here: the console's relay disconnects its client. */
function readMessage(bytes: Uint8Array) {
  try {
    return decodeShellMessage(bytes);
  } catch {
    return undefined;
  }
}

function noSuchShell(): AppError {
  return new AppError({
    code: "no-session",
    message: "the shell is not open: it has ended, or the guest never started it",
    advice: "Open another one while the session runs.",
  });
}
