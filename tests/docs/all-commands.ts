import type { Command } from "commander";
import { commands } from "../../cli/commands.ts";

/** A command with its parents' names, such as `build from-new`. */
export interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** All commands of `tinsmith` that do something and that `--help` shows, by name. */
export async function allCommands(): Promise<readonly NamedCommand[]> {
  const made = await Promise.all(Object.values(commands).map((make) => make()));
  return made
    .flatMap((command) => leaves(command, command.name()))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function leaves(command: Command, name: string): NamedCommand[] {
  const children = command.commands.flatMap((child) => leaves(child, `${name} ${child.name()}`));
  const isGroup = children.length > 0 && command.options.length === 0;
  return isGroup ? children : [{ name, command }, ...children];
}
