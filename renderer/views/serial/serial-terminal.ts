import { consoleChannelPath } from "../../../shared/channel/byte-channel.ts";
import { sessionClient } from "../../client/api-client.ts";
import { openConsoleChannel } from "../../state/guest/console-channel.ts";
import { selectText } from "../../state/install/selected-text.ts";
import { openTerminal, type Terminal } from "../../ui/terminal/terminal.ts";

/** A terminal that shows one session's serial console, and types into it. */
export interface SerialTerminal extends Omit<Terminal, "write" | "size"> {
  /** Types the command that makes the guest's programs use as many columns and rows as are shown. */
  tellSize(): void;
  sendBreak(): Promise<void>;
  /** Drops pasted text that the guest has not taken yet. */
  stopTyping(): void;
}

interface SerialTerminalOptions {
  /** Called when the guest has printed all that it ever will. */
  readonly onEnd: () => void;
  /** Called with how many typed bytes the guest has not taken yet. */
  readonly onWaiting: (bytes: number) => void;
}

/** Lines that are no longer in the terminal are in the session's serial.log. */
export function openSerialTerminal(
  box: HTMLElement,
  session: string,
  options: SerialTerminalOptions,
): SerialTerminal {
  const terminal = openTerminal(box, {
    onTyped: (bytes) => channel.type(bytes),
    onAnswer: (bytes) => channel.answer(bytes),
    onSelect: (text) => selectText(session, text),
  });
  const channel = openConsoleChannel(session, consoleChannelPath, { ...options, onOutput: terminal.write });
  return {
    ...terminal,
    tellSize: () => {
      const { columns, rows } = terminal.size();
      channel.type(new TextEncoder().encode(`stty cols ${columns} rows ${rows}\r`));
      terminal.focus();
    },
    sendBreak: async () => await sessionClient(session).serial.sendBreak(),
    stopTyping: channel.stopTyping,
    dispose: () => {
      channel.close();
      terminal.dispose();
    },
  };
}
