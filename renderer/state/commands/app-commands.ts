import { AppError } from "../../../shared/errors/errors.ts";
import type { ImageKind } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { buildObstacle } from "../builds/build-obstacle.ts";
import { demandChosenSet, findChosenSet } from "../builds/chosen-set.ts";
import { startBuild } from "../builds/start-build.ts";
import { enterPanel, focusPanel } from "../focus/focus-panel.ts";
import { resetLayout } from "../layout/layout.ts";
import { imageInFront, showPanel } from "../layout/panels.ts";
import { openDialog } from "../messages/dialogs.ts";
import { askToRunScenario, runScenarioObstacle } from "../runs/run-scenario.ts";
import { closeActivePanel } from "../tabs/close-panel.ts";
import { openActiveTabMenu } from "../tabs/tab-menu.ts";
import { watchOf } from "../watch/watch-of.ts";
import { registerCommands } from "./commands.ts";
import { runCommands } from "./run-commands.ts";
import { compareCommand, exportCommand, saveScenarioCommand } from "./session-commands.ts";

/** Registers the commands that are always there. @returns a function that removes them */
export function offerAppCommands(): () => void {
  return registerCommands([
    {
      id: "build.worker",
      title: "Rebuild the worker image",
      group: "Build",
      get unavailable() {
        return obstacleOfChosen("worker");
      },
      run: () => buildChosen("worker"),
    },
    {
      id: "build.setup",
      title: "Rebuild the setup image",
      group: "Build",
      get unavailable() {
        return obstacleOfChosen("setup");
      },
      run: () => buildChosen("setup"),
    },
    {
      id: "build.install",
      title: "Install the setup image by hand…",
      keywords: "boot an ISO, record steps",
      group: "Build",
      get unavailable() {
        return obstacleOfChosen("setup");
      },
      run: () => installChosen(),
    },
    ...runCommands,
    compareCommand,
    saveScenarioCommand,
    exportCommand,
    {
      id: "run.worker",
      title: "Run the worker image…",
      group: "Build",
      get unavailable() {
        const set = findChosenSet();
        return set && !set.worker.archive ? "The image set has no worker image yet" : undefined;
      },
      run: runChosen,
    },
    {
      id: "run.scenario",
      title: "Run a scenario…",
      group: "Build",
      get unavailable() {
        return runScenarioObstacle(findChosenSet());
      },
      run: () => {
        const set = demandChosenSet();
        if (set) askToRunScenario(set);
      },
    },
    {
      id: "watch.start",
      title: "Watch the image set…",
      group: "Build",
      get unavailable() {
        const set = findChosenSet();
        return set && (watchOf(set) ? "It is being watched already" : buildObstacle(set, "worker"));
      },
      run: () => {
        const set = demandChosenSet();
        if (set) openDialog({ name: "watch", set });
      },
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
      run: () => openDialog({ name: "open-archive" }),
    },
    {
      id: "library.import-disk",
      title: "Import a disk…",
      keywords: "qcow2 vmdk vdi raw",
      group: "Library",
      run: () => openDialog({ name: "import-disk" }),
    },
    {
      id: "library.look-inside",
      title: "Look inside an image…",
      group: "Library",
      run: () => openDialog({ name: "choose-image" }),
    },
    {
      id: "library.compare-images",
      title: "Compare an image with…",
      keywords: "differences between images",
      group: "Library",
      get unavailable() {
        return imageInFront() === undefined ? "Look inside an image first" : undefined;
      },
      run: () => openDialog({ name: "choose-image", compared: imageInFront() }),
    },
    {
      id: "view.library",
      title: "Library",
      group: "View",
      run: () => enterPanel("library"),
    },
    {
      id: "view.sessions",
      title: "Sessions",
      group: "View",
      run: () => enterPanel("sessions"),
    },
    { id: "view.doctor", title: "Doctor", group: "View", run: () => showPanel("doctor") },
    { id: "view.next", title: "Next panel", group: "View", run: () => focusPanel("next") },
    {
      id: "view.previous",
      title: "Previous panel",
      group: "View",
      run: () => focusPanel("previous"),
    },
    {
      id: "view.close",
      title: "Close this panel",
      group: "View",
      run: closeActivePanel,
    },
    { id: "view.tab-menu", title: "Open the tab's menu…", group: "View", run: openActiveTabMenu },
    { id: "view.reset", title: "Reset the panel layout", group: "View", run: resetLayout },
    {
      id: "palette",
      title: "Show all commands",
      group: "Window",
      isHidden: true,
      run: () => openDialog({ name: "palette" }),
    },
    {
      id: "palette.anywhere",
      title: "Show all commands, also from a console",
      group: "Window",
      isHidden: true,
      run: () => openDialog({ name: "palette" }),
    },
    ...(["system", "light", "dark"] as const).map((theme) => ({
      id: `theme.${theme}`,
      title:
        theme === "system" ? "Theme: same as the system" : `${theme === "light" ? "Light" : "Dark"} theme`,
      group: "Window",
      run: async () => void (await app().settings.change({ theme })),
    })),
    { id: "notices", title: "Notices", group: "Window", run: () => openDialog({ name: "notices" }) },
    {
      id: "settings",
      title: "Settings…",
      group: "Window",
      run: () => openDialog({ name: "settings" }),
    },
    { id: "cache", title: "Cache…", group: "Window", run: () => openDialog({ name: "cache" }) },
    {
      id: "keys",
      title: "Keyboard shortcuts",
      group: "Window",
      run: () => openDialog({ name: "keys" }),
    },
    { id: "about", title: "About Tinsmith", group: "Window", run: () => openDialog({ name: "about" }) },
  ]);
}

/** Without a set, the commands make one. */
function obstacleOfChosen(image: ImageKind): string | undefined {
  const set = findChosenSet();
  return set && buildObstacle(set, image);
}

async function buildChosen(image: ImageKind): Promise<void> {
  const set = demandChosenSet();
  if (set && image === "setup" && !set.hasIso) installChosen();
  else if (set) await startBuild(set, image);
  else openDialog({ name: "new-set" });
}

function runChosen(): void {
  const worker = demandChosenSet()?.worker.archive;
  if (!worker) throw notBuilt();
  openDialog({ name: "run", archive: worker.path });
}

function notBuilt(): AppError {
  return new AppError({
    code: "missing-file",
    message: "the chosen image set has no worker image yet",
    advice: "Rebuild the worker image first.",
  });
}

function installChosen(): void {
  const set = demandChosenSet();
  openDialog(set ? { name: "install", set } : { name: "new-set" });
}
