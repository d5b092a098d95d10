import { AppError } from "../../shared/errors.ts";
import { sessions } from "./app-state.ts";
import type { Command } from "./commands.ts";
import { openDialog } from "./dialogs.ts";
import { currentDock } from "./panels.ts";

export const exportCommand: Command = {
  id: "session.export",
  title: "Export a session for a bug report…",
  group: "Run",
  run: () => openDialog({ name: "export", id: shownSession() }),
};

/** The session whose panel is in front, else the newest. @throws AppError `no-session` when there is none */
function shownSession(): string {
  const known = (sessions.getState().value ?? []).filter(({ status }) => status !== "newer");
  const shown = currentDock()?.activePanel?.params?.session;
  const found = known.find(({ id }) => id === shown) ?? known[0];
  if (found) return found.id;
  throw new AppError({
    code: "no-session",
    message: "there is no session yet that could be exported",
    advice: "Each build and run makes one.",
  });
}
