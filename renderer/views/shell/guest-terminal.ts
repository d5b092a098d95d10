import { shellChannelPath, shellChannelTarget } from "../../../shared/channel/byte-channel.ts";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { openConsoleChannel } from "../../state/guest/console-channel.ts";
import { openTerminal, type Terminal } from "../../ui/terminal/terminal.ts";

/** The state of a shell in the guest. */
export type ShellState =
  | { readonly status: "opening" }
  | { readonly status: "open" }
  | { readonly status: "ended"; readonly how: "succeeded" | "failed" | "killed" }
  | { readonly status: "failed"; readonly error: ErrorData }
  /** It has ended while no window showed it, or was never started. */
  | { readonly status: "gone" };

/** A terminal on a shell in the guest. When it is disposed, a shell that is open is kept for a while. */
export interface GuestTerminal extends Omit<Terminal, "write" | "size"> {
  /** Ends the shell, in all windows; its output stays. */
  end(): void;
  /** Disposes it, and ends the shell if no other window shows it. */
  leave(): void;
  isOpen(): boolean;
}

interface GuestTerminalOptions {
  /** The shell's name, by which it is found when the page was loaded again. */
  readonly name: string;
  /** Whether to start it; else it must have been started before. */
  readonly isNew: boolean;
  readonly onState: (state: ShellState) => void;
}

/** The guest's own shell, on a terminal of the size of the box. */
export const ownShell = { command: [], tty: true } as const;

/** Shows a shell in a session's guest. */
export function openGuestTerminal(
  box: HTMLElement,
  session: string,
  { name, isNew, onState }: GuestTerminalOptions,
): GuestTerminal {
  const { searchParams } = new URL(shellChannelTarget(ownShell), "http://session");
  const request = Object.fromEntries(searchParams);
  const terminal = openTerminal(box, {
    onTyped: (bytes) => channel.type(bytes),
    onAnswer: (bytes) => channel.answer(bytes),
    onResize: ({ columns, rows }) => channel.resize(columns, rows),
  });
  let isDisposed = false;
  let wasOpen = false;
  let isOpen = false;
  const tell = (state: ShellState) => {
    isOpen = state.status === "open";
    if (!isDisposed) onState(state);
  };
  const channel = openConsoleChannel(session, shellChannelPath, {
    query: (isAgain) => ({ ...request, keep: name, join: isNew && !isAgain ? "0" : "1" }),
    onOutput: terminal.write,
    onOpen: () => {
      tell({ status: "open" });
      const { columns, rows } = terminal.size();
      channel.resize(columns, rows);
      wasOpen = true;
    },
    onExit: (success, isKilled) =>
      tell({ status: "ended", how: isKilled ? "killed" : success ? "succeeded" : "failed" }),
    onFail: (error) =>
      tell(error.code === "no-session" && !wasOpen ? { status: "gone" } : { status: "failed", error }),
  });
  // Input waits until the guest has started the shell.
  if (isNew) terminal.focus();
  const dispose = (closeChannel: () => void) => {
    isDisposed = true;
    // The guest has not started it.
    if (isNew && !wasOpen) channel.endShell();
    closeChannel();
    terminal.dispose();
  };
  return {
    ...terminal,
    end: channel.endShell,
    isOpen: () => isOpen,
    leave: () => dispose(channel.leave),
    dispose: () => dispose(channel.close),
  };
}
