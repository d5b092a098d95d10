import { join } from "node:path";
import { app, type BrowserWindow, Menu } from "electron";
import { serveCalls } from "../core/session/serve/serve-calls.ts";
import type { Site } from "../core/site/site-file.ts";
import { installation, ownWorkspace } from "../core/storage/installation.ts";
import { currentSettings } from "../core/storage/settings-store.ts";
import packageJson from "../package.json" with { type: "json" };
import { desktopChannel } from "../shared/contracts/desktop-bridge.ts";
import type { MenuCommand } from "../shared/contracts/desktop-contract.ts";
import { createDesktopApi } from "./channels/desktop-api.ts";
import { createEngine } from "./channels/engine.ts";
import { acceptPages } from "./channels/page-channels.ts";
import { createWindowRequests } from "./channels/window-requests.ts";
import { guardClosing } from "./lifecycle/closing.ts";
import type { Crashes } from "./lifecycle/crashes.ts";
import { createEndedSessions } from "./lifecycle/ended-sessions.ts";
import { createSessionProcesses } from "./lifecycle/session-processes.ts";
import { buildMenu } from "./menu/menu.ts";
import type { OpenedPaths } from "./menu/opened-paths.ts";
import { createRecentPaths } from "./menu/recent-paths.ts";
import { notifyEnds } from "./notifications/notify-ends.ts";
import { showTaskBarProgress } from "./notifications/task-bar-progress.ts";
import { servePage } from "./window/page-protocol.ts";
import { recoverPage } from "./window/page-recovery.ts";
import { createStateKeeper } from "./window/stored-state.ts";
import { applyTheme, followTheme } from "./window/theme.ts";
import { bringForward, openWindow } from "./window/window.ts";

/** Opens the window, and serves it; the app is ready. */
export function startShell(site: Site, crashes: Crashes, openedPaths: OpenedPaths): void {
  const { paths } = site;
  const kept = createStateKeeper(join(app.getPath("userData"), "window.json"));
  const endedSessions = createEndedSessions(kept);
  const processes = createSessionProcesses(installation.bundle, endedSessions.setRunning);
  const engine = createEngine({
    paths,
    version: packageJson.version,
    workspace: ownWorkspace(paths),
    processes,
  });
  const windowRequests = createWindowRequests();
  let window: BrowserWindow;

  let unsaved: readonly string[] = [];
  let commands: readonly MenuCommand[] = [];
  const drawMenu = () =>
    Menu.setApplicationMenu(
      buildMenu({
        commands,
        recent: recent.get(),
        run: (id) => windowRequests.add({ type: "command", id }),
        open,
        forgetRecent: recent.forget,
      }),
    );
  const recent = createRecentPaths(kept, () => drawMenu());
  const open = (path: string) => {
    windowRequests.add({ type: "open", path });
    bringForward(window);
  };

  const desktop = createDesktopApi({
    window: () => window,
    windowRequests,
    registerCommands: (offered) => {
      commands = offered;
      drawMenu();
    },
    remember: recent.remember,
    endedSessions,
    takeUnsaved: (files) => {
      unsaved = files;
    },
  });
  servePage(site);
  acceptPages((path, channel) =>
    path === desktopChannel ? serveCalls(desktop, channel) : engine.serve(path, channel),
  );
  drawMenu();
  applyTheme(currentSettings(paths));
  window = openWindow({ preload: join(import.meta.dirname, "preload.cjs"), kept });
  const { quit } = guardClosing({ window, sessions: processes, unsavedFiles: () => unsaved });
  recoverPage({
    window,
    quit,
    hasUnsaved: () => unsaved.length > 0,
    report: (reason) => {
      unsaved = [];
      crashes.pageReloaded(reason);
    },
  });
  openedPaths.follow(open);
  app.on("second-instance", () => bringForward(window));
  followTheme(window);
  // The window says itself why sessions, sets or settings can't be read.
  const optional = (work: Promise<void>) => void work.catch(() => {});
  optional(
    notifyEnds({
      sessions: engine.watchSessions(),
      isInFront: () => window.isFocused(),
      show: (session) => {
        windowRequests.add({ type: "session", id: session });
        bringForward(window);
      },
    }),
  );
  optional(showTaskBarProgress(window, { sessions: engine.watchSessions(), sets: engine.watchSets() }));
  optional(eachOf(engine.watchSettings(), applyTheme));
}

async function eachOf<Item>(items: AsyncIterable<Item>, take: (item: Item) => void): Promise<void> {
  for await (const item of items) take(item);
}
