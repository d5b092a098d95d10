import type { Command } from "commander";
import { replacement } from "../core/files/regular-file.ts";
import { findPaths } from "../core/storage/paths.ts";
import { escapeName } from "../shared/text/escape-name.ts";

/** Those that are not names or paths: they mean something when they are empty, and may hold any text. */
const anyText: readonly string[] = ["append", "env"];

/**
 * Refuses values that would name another file than intended: an empty argument or option's value, as from an unset
 * variable of a script, since an empty path would name the current folder; and a name that is not UTF-8, which Node
 * has changed. The words of a command for the guest may be anything.
 */
export function refuseUnusableValues(program: Command): void {
  program.hook("preAction", (_, command) => {
    for (const [index, argument] of command.registeredArguments.entries()) {
      const value = command.args[index];
      if (argument.variadic || value === undefined) continue;
      if (value === "") command.error(`error: argument '${argument.name()}' is empty`);
      if (isReplaced(value)) command.error(notUtf8(`argument '${argument.name()}'`, value));
    }
    for (const option of command.options) {
      const value: unknown = command.getOptionValue(option.attributeName());
      if (typeof value !== "string" || anyText.includes(option.attributeName())) continue;
      if (value === "") command.error(`error: option '${option.flags}' has an empty value`);
      if (isReplaced(value)) command.error(notUtf8(`the value of option '${option.flags}'`, value));
    }
    const home = Object.values(findPaths()).find(isReplaced);
    if (home !== undefined) command.error(notUtf8("the path of Tinsmith's own files", home, setHome));
  });
}

const setHome = "Set TINSMITH_HOME to another folder.";

function isReplaced(value: string): boolean {
  return value.includes(replacement);
}

function notUtf8(what: string, value: string, advice = "Rename the file or folder, or give another path.") {
  return `error: ${what} is not UTF-8: ${escapeName(value)}\n${advice}`;
}
