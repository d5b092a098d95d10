import type { Command } from "../../state/commands/commands.ts";
import type { SerialTerminal } from "./serial-terminal.ts";

const ended = "the session has ended";

/** The commands for a serial console, also for the keyboard. */
export function serialCommands(
  terminal: SerialTerminal,
  isRunning: boolean,
  search: () => void,
): readonly Command[] {
  const group = "Serial console";
  const unavailable = isRunning ? undefined : ended;
  return [
    { id: "serial.search", title: "Search the console", group, run: search },
    { id: "serial.copy", title: "Copy the selection", group, run: terminal.copy },
    {
      id: "serial.paste",
      title: "Paste into the console",
      group,
      unavailable,
      run: terminal.paste,
    },
    { id: "serial.break", title: "Send a break", group, unavailable, run: terminal.sendBreak },
    {
      id: "serial.size",
      title: "Tell the guest the console's size (types stty)",
      group,
      unavailable,
      run: terminal.tellSize,
    },
    { id: "serial.clear", title: "Clear the console", group, run: terminal.clear },
    { id: "serial.larger", title: "Larger text in consoles", group, run: () => terminal.zoom(1) },
    { id: "serial.smaller", title: "Smaller text in consoles", group, run: () => terminal.zoom(-1) },
    { id: "serial.end", title: "Scroll to the end of the console", group, run: terminal.scrollToEnd },
  ];
}
