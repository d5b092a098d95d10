import { AppError } from "../../shared/errors.ts";
import { sessions } from "./app-state.ts";
import { findChosenSet } from "./chosen-set.ts";
import type { Command } from "./commands.ts";
import { openDialog } from "./dialogs.ts";
import { askToKill, openShell, showActionLog, showFiles } from "./guest-actions.ts";
import { currentDock } from "./panels.ts";

/** What can be done with images and the guests that run them. */
export const runCommands: readonly Command[] = [
  { id: "run.start", title: "Run an image…", group: "Run", keys: "Ctrl+Shift+E", run: openRunDialog },
  { id: "run.files", title: "List the guest's files", group: "Run", run: () => showFiles(guestSession()) },
  { id: "run.shell", title: "Open a shell in the guest", group: "Run", run: () => openShell(guestSession()) },
  {
    id: "run.kill",
    title: "Kill the task's processes…",
    group: "Run",
    run: () => askToKill(guestSession()),
  },
  { id: "run.log", title: "Action log", group: "Run", run: () => showActionLog(guestSession()) },
];

function openRunDialog(): void {
  const set = findChosenSet();
  const archive = set?.worker.archive ?? set?.setup.archive;
  openDialog({ name: "run", archive: archive?.path ?? "" });
}

/** The run whose panel is in front, else the newest one. @throws AppError `no-session` when there is none */
function guestSession(): string {
  const known = sessions.getState().value ?? [];
  const runs = known.filter(({ kind }) => kind !== "build");
  const shown = currentDock()?.activePanel?.params?.session;
  const found =
    runs.find(({ id }) => id === shown) ?? runs.find(({ status }) => status === "running") ?? runs[0];
  if (found) return found.id;
  throw new AppError({
    code: "no-session",
    message: "no image was run yet, so there is no guest to ask",
    advice: "Run one: the toolbar's Run… does that.",
  });
}
