import { AppError } from "../../shared/errors.ts";
import { app } from "../api-client.ts";
import { desktop } from "../desktop.ts";
import { startBuild } from "./builds.ts";
import { findChosenSet } from "./chosen-set.ts";
import { closeActivePanel } from "./close-panel.ts";
import { offerCommands } from "./commands.ts";
import { openDialog } from "./dialogs.ts";
import { exportCommand } from "./export-command.ts";
import { focusPanel } from "./focus-panel.ts";
import { resetLayout } from "./layout.ts";
import { showPanel } from "./panels.ts";
import { runCommands } from "./run-commands.ts";

/** The commands that are always there. @returns what takes them back */
export function offerAppCommands(): () => void {
  return offerCommands([
    {
      id: "build.worker",
      title: "Rebuild the worker image",
      group: "Build",
      keys: "Ctrl+Shift+B",
      run: () => buildChosen("worker"),
    },
    {
      id: "build.setup",
      title: "Rebuild the setup image",
      group: "Build",
      run: () => buildChosen("setup"),
    },
    {
      id: "build.install",
      title: "Install the setup image by hand…",
      group: "Build",
      run: () => installChosen(),
    },
    ...runCommands,
    exportCommand,
    {
      id: "run.worker",
      title: "Run the worker image…",
      group: "Build",
      keys: "Ctrl+Shift+E",
      run: runChosen,
    },
    {
      id: "library.new-set",
      title: "New image set…",
      group: "Library",
      run: () => openDialog({ name: "new-set" }),
    },
    {
      id: "library.open-archive",
      title: "Open an archive…",
      group: "Library",
      // A desktop opens all kinds of files by these.
      keys: desktop() ? undefined : "Ctrl+O",
      run: () => openDialog({ name: "open-archive" }),
    },
    {
      id: "view.library",
      title: "Library",
      group: "View",
      keys: "Ctrl+1",
      run: () => showPanel("library"),
    },
    {
      id: "view.sessions",
      title: "Sessions",
      group: "View",
      keys: "Ctrl+2",
      run: () => showPanel("sessions"),
    },
    { id: "view.doctor", title: "Doctor", group: "View", run: () => showPanel("doctor") },
    { id: "view.next", title: "Next panel", group: "View", keys: "F6", run: () => focusPanel("next") },
    {
      id: "view.previous",
      title: "Previous panel",
      group: "View",
      keys: "Shift+F6",
      run: () => focusPanel("previous"),
    },
    {
      id: "view.close",
      title: "Close this panel",
      group: "View",
      keys: "Ctrl+Shift+X",
      run: closeActivePanel,
    },
    { id: "view.reset", title: "Put the panels back", group: "View", run: resetLayout },
    {
      id: "palette",
      title: "All commands",
      group: "Window",
      keys: "Ctrl+K",
      isHidden: true,
      run: () => openDialog({ name: "palette" }),
    },
    {
      id: "palette.anywhere",
      title: "All commands, from within a console too",
      group: "Window",
      keys: "Ctrl+Shift+P",
      isHidden: true,
      run: () => openDialog({ name: "palette" }),
    },
    ...(["system", "light", "dark"] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: theme === "system" ? "Theme of the system" : `${theme === "light" ? "Light" : "Dark"} theme`,
      group: "Window",
      run: async () => void (await app().settings.change({ theme })),
    })),
    {
      id: "settings",
      title: "Settings…",
      group: "Window",
      keys: "Ctrl+,",
      run: () => openDialog({ name: "settings" }),
    },
    { id: "about", title: "About Tinsmith", group: "Window", run: () => openDialog({ name: "about" }) },
  ]);
}

async function buildChosen(image: "setup" | "worker"): Promise<void> {
  const set = findChosenSet();
  if (set && image === "setup" && !set.hasIso) installChosen();
  else if (set) await startBuild(set, image);
  else openDialog({ name: "new-set" });
}

function runChosen(): void {
  const worker = findChosenSet()?.worker.archive;
  if (!worker) throw notBuilt();
  openDialog({ name: "run", archive: worker.path });
}

function notBuilt(): AppError {
  return new AppError({
    code: "missing-file",
    message: "the chosen image set has no worker image yet",
    advice: "Rebuild it first.",
  });
}

function installChosen(): void {
  const set = findChosenSet();
  openDialog(set ? { name: "install", set } : { name: "new-set" });
}
