import { AppError } from "../../../shared/errors/errors.ts";
import { createShellClient } from "../../../shared/guest/shell-client.ts";
import type { ShellRequest } from "../../metaservice/actions/guest-actions.ts";
import type { LiveGuest } from "../live/live-guest.ts";
import { createAnsweringViewers } from "./answering-viewer.ts";
import type { Console } from "./console-relay.ts";
import { createScrollback } from "./scrollback.ts";

/** A shell in the guest that clients join and leave: a console whose command runs on without them. */
export interface KeptShell extends Required<Console> {
  /** Settles when the guest has started it. Rejects as GuestActions.openShell does. */
  readonly opened: Promise<void>;
  resize(columns: number, rows: number): void;
  /** Kills its command, or no longer asks the guest for it. */
  end(): void;
}

/** The size of the kept part of a shell's output: some thousand lines. Bytes. */
const scrollbackBytes = 1024 * 1024;

/** Starts a shell on a terminal in the guest. */
export function startKeptShell(guest: LiveGuest, request: ShellRequest): KeptShell {
  const output = createScrollback(scrollbackBytes);
  const stop = new AbortController();
  const opened = Promise.withResolvers<void>();
  let isOpen = false;
  let isKilled = false;
  let send = (_message: Uint8Array) => {};
  const client = createShellClient({
    send: (message) => send(message),
    onOutput: (_stream, bytes, consumed) => output.print(bytes, consumed),
  });
  const ended = guest.use(async (actions) => {
    const shell = await actions.openShell(request, { signal: stop.signal, receive: client.receive });
    send = shell.send;
    isOpen = true;
    opened.resolve();
    return await shell.ended;
  });
  ended.catch((error) => {
    opened.reject(error);
    client.disconnected(error);
  });
  ended.finally(output.end).catch(() => {});
  // Code that awaits it gets the error.
  opened.promise.catch(() => {});
  return {
    output,
    type: client.write,
    viewers: createAnsweringViewers(),
    ended,
    opened: opened.promise,
    resize: client.resize,
    isKilled: () => isKilled,
    end: () => {
      isKilled = true;
      if (isOpen) client.abort();
      else stop.abort(notWanted());
    },
  };
}

function notWanted(): AppError {
  return new AppError({ code: "interrupted", message: "the shell was closed" });
}
