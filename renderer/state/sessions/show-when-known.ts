import { AppError } from "../../../shared/errors/errors.ts";
import { sessions } from "../connection/app-state.ts";
import { showSession } from "../layout/session-panels.ts";
import { sayError } from "../messages/notices.ts";
import { findSession } from "./find-session.ts";

/** Shows a session that there was, or says that it was deleted; the list of sessions may not be there yet. */
export function showWhenKnown(id: string): void {
  if (sessions.getState().value) {
    showIfThere(id);
    return;
  }
  const unsubscribe = sessions.subscribe(() => {
    unsubscribe();
    showIfThere(id);
  });
}

function showIfThere(id: string): void {
  const session = findSession(id);
  if (session) showSession(session);
  else
    sayError(
      new AppError({ code: "no-session", message: `session ${id} was deleted, and its logs with it` }),
    );
}
