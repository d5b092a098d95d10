import { listenToBytes, shellChannelPath, shellChannelTarget } from "../../../shared/byte-channel.ts";
import { AppError, type ErrorData, toAppError } from "../../../shared/errors.ts";
import { createShellClient } from "../../../shared/shell-client.ts";
import { openByteChannel } from "../../api-client.ts";
import { openTerminal, type Terminal } from "../../ui/terminal.ts";

/** How a shell in the guest stands. */
export type ShellState =
  | { readonly status: "opening" }
  | { readonly status: "open" }
  | { readonly status: "ended"; readonly success: boolean }
  | { readonly status: "failed"; readonly error: ErrorData };

/** A terminal on a shell in the guest. Disposing it kills the shell. */
export interface GuestTerminal extends Omit<Terminal, "write" | "size"> {
  /** Ends the shell; what it has printed stays. */
  end(): void;
}

/** The guest's own shell, on a terminal of the size of the box. */
export const ownShell = { command: [], tty: true } as const;

/** Starts a shell in a session's guest. */
export function openGuestTerminal(
  box: HTMLElement,
  session: string,
  onState: (state: ShellState) => void,
): GuestTerminal {
  const { searchParams } = new URL(shellChannelTarget(ownShell), "http://session");
  const channel = openByteChannel(session, shellChannelPath, Object.fromEntries(searchParams));
  const terminal = openTerminal(box, {
    onTyped: (bytes) => void client.write(bytes),
    onResize: ({ columns, rows }) => client.resize(columns, rows),
  });
  let isOver = false;
  const settle = (state: ShellState) => {
    if (isOver) return;
    isOver = true;
    onState(state);
  };
  const client = createShellClient({
    send: (message) => {
      if (isOpen) void channel.send(message);
    },
    onOutput: (_stream, bytes, consumed) => terminal.write(bytes, consumed),
  });
  let isOpen = false;
  client.ended.then(
    ({ success }) => settle({ status: "ended", success }),
    (thrown: unknown) => settle({ status: "failed", error: toAppError(thrown).toJSON() }),
  );
  listenToBytes(channel, {
    onBytes: client.receive,
    onNote: (note) => {
      if (note.type === "failed") client.disconnected(new AppError(note.error));
      if (note.type !== "open") return;
      isOpen = true;
      onState({ status: "open" });
      const { columns, rows } = terminal.size();
      client.resize(columns, rows);
      terminal.focus();
    },
    onClose: () => client.disconnected(connectionLost()),
  });
  return {
    ...terminal,
    end: () => {
      client.abort();
      channel.close();
    },
    dispose: () => {
      isOver = true;
      channel.close();
      terminal.dispose();
    },
  };
}

function connectionLost(): AppError {
  return new AppError({
    code: "interrupted",
    message: "the shell has ended, because its connection was closed",
    advice: "Open another one while the session runs.",
  });
}
