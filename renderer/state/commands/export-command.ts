import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { sessionInFront } from "../focus/focused-session.ts";
import { openDialog } from "../messages/dialogs.ts";
import type { Command } from "./commands.ts";

export const exportCommand: Command = {
  id: "session.export",
  title: "Export a session for a bug report…",
  group: "Run",
  get unavailable() {
    return findShownSession() ? undefined : "There is no session yet";
  },
  run: () => openDialog({ name: "export", id: shownSession() }),
};

/** The session whose panel is in front, else the newest. */
function findShownSession(): SessionSummary | undefined {
  const known = (sessions.getState().value ?? []).filter(
    ({ status }) => status !== "newer" && status !== "unreadable",
  );
  const shown = sessionInFront();
  return known.find(({ id }) => id === shown) ?? known[0];
}

/** As `findShownSession`. @throws AppError `no-session` when there is none */
function shownSession(): string {
  const found = findShownSession();
  if (found) return found.id;
  throw new AppError({
    code: "no-session",
    message: "there is no session to export yet",
    advice: "Start a build or a run first.",
  });
}
