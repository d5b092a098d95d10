import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";

/** Names an action as the subject of a sentence. */
export function describeAction(request: GuestActionRequest): string {
  switch (request.type) {
    case "get-artifact":
      return `copying the guest's ${escapeName(request.path)}`;
    case "list-folder":
      return `listing the guest's ${escapeName(request.path)}`;
    case "exec-shell":
      return `the shell ${escapeName(request.command.join(" "))}`.trimEnd();
    case "kill-process":
      return "killing the task";
  }
}
