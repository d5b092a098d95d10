import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { project } from "./pages.ts";

/** A command with its parents' names, such as `build from-new`. */
export interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** All commands of `tinsmith` that do something and that `--help` shows, by name. */
export async function allCommands(): Promise<readonly NamedCommand[]> {
  const main = readFileSync(join(project, "cli/main.ts"), "utf8");
  const makers = [...main.matchAll(/import \{ (\w+Command) \} from "\.\/(.+)";/g)].filter(
    ([, maker]) => !main.includes(`${maker}(), { hidden: true }`),
  );
  const made = await Promise.all(
    makers.map(async ([, maker = "", file = ""]): Promise<Command> => {
      const module = await import(join(project, "cli", file));
      return module[maker]();
    }),
  );
  return made
    .flatMap((command) => leaves(command, command.name()))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function leaves(command: Command, name: string): NamedCommand[] {
  const children = command.commands.flatMap((child) => leaves(child, `${name} ${child.name()}`));
  const isGroup = children.length > 0 && command.options.length === 0;
  return isGroup ? children : [{ name, command }, ...children];
}
