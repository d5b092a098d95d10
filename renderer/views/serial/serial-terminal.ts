import { sessionClient } from "../../api-client.ts";
import { openSerialChannel } from "../../state/serial-channel.ts";
import { openTerminal, type Terminal } from "../../ui/terminal.ts";

/** A terminal that shows one session's serial console, and types into it. */
export interface SerialTerminal extends Omit<Terminal, "write" | "size"> {
  /** Types the command that makes the guest's programs use as many columns and rows as are shown. */
  tellSize(): void;
  sendBreak(): Promise<void>;
}

/** Lines that are no longer in the terminal are in the session's serial.log. */
export function openSerialTerminal(box: HTMLElement, session: string): SerialTerminal {
  const terminal = openTerminal(box, { onTyped: (bytes) => channel.type(bytes) });
  const channel = openSerialChannel(session, { onOutput: terminal.write });
  return {
    ...terminal,
    tellSize: () => {
      const { columns, rows } = terminal.size();
      channel.type(new TextEncoder().encode(`stty cols ${columns} rows ${rows}\r`));
      terminal.focus();
    },
    sendBreak: async () => await sessionClient(session).serial.sendBreak(),
    dispose: () => {
      channel.close();
      terminal.dispose();
    },
  };
}
