import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { excerpt } from "../../../shared/text/excerpt.ts";

/** The longest part of a shell's command in a message, which may be a script of many lines. Characters. */
const longestCommand = 80;

/** Names an action as the subject of a sentence. */
export function describeAction(request: GuestActionRequest): string {
  switch (request.type) {
    case "get-artifact":
      return `copying the guest's ${escapeName(request.path)}`;
    case "list-folder":
      return `listing the guest's ${escapeName(request.path)}`;
    case "exec-shell":
      return `the shell ${shortCommand(request.command)}`.trimEnd();
    case "kill-process":
      return "killing the task";
    case "composed":
      return "the composed action";
  }
}

function shortCommand(command: readonly string[]): string {
  const line = escapeName(command.join(" ").trim().replaceAll(/\s+/g, " "));
  return line.length <= longestCommand ? line : excerpt(line, longestCommand - "...".length);
}
