import { escapeName } from "../text/escape-name.ts";
import { quoteForShell } from "../text/quote-for-shell.ts";
import { stripControls } from "../text/strip-controls.ts";
import type { SessionSummary } from "./session-summary.ts";

/** A command as a person would type it. */
export function commandText(command: readonly string[]): string {
  const [shell, option, script, ...rest] = command;
  const isScript = shell === "sh" && option === "-c" && script !== undefined && rest.length === 0;
  return isScript ? script : command.map(quoteForShell).join(" ");
}

/** Characters of a name; more of a command is in its log. */
const longest = 80;

/** The name of a session outside of lists: a run by its command; a scenario, like any other, by its title. */
export function nameOf({
  title,
  command = [],
  isScenario = false,
}: Pick<SessionSummary, "title" | "command" | "isScenario">): string {
  const [line = "", ...more] = (isScenario ? title : commandText(command)).trim().split("\n");
  const name = escapeName(stripControls(line).replaceAll("\t", " ").trim()) || title;
  // Not in the middle of one that takes two units of the text.
  const characters = [...name];
  const isCut = more.length > 0 || characters.length > longest;
  return isCut ? `${characters.slice(0, longest - 1).join("")}…` : name;
}
