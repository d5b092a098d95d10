import { join } from "node:path";
import { app, type BrowserWindow, Menu } from "electron";
import { installation, ownWorkspace } from "../core/installation.ts";
import { serveCalls } from "../core/session/serve-calls.ts";
import type { Site } from "../core/site/site-file.ts";
import packageJson from "../package.json" with { type: "json" };
import { desktopChannel } from "../shared/desktop-bridge.ts";
import type { MenuCommand } from "../shared/desktop-contract.ts";
import { guardClosing } from "./closing.ts";
import { createDesktopApi } from "./desktop-api.ts";
import { createEngine } from "./engine.ts";
import { createStateKeeper } from "./kept-state.ts";
import { buildMenu } from "./menu.ts";
import { notifyEnds } from "./notify-ends.ts";
import { onOpenedPaths } from "./opened-paths.ts";
import { servePage } from "./page-protocol.ts";
import { createRecentPaths } from "./recent-paths.ts";
import { createSessionProcesses } from "./session-processes.ts";
import { acceptPages } from "./transport.ts";
import { bringForward, openWindow } from "./window.ts";
import { createWishes } from "./wishes.ts";

/** Opens the window, and serves it; the app is ready. */
export function startShell(site: Site): void {
  const { paths } = site;
  const processes = createSessionProcesses(installation.bundle);
  const engine = createEngine({
    paths,
    version: packageJson.version,
    workspace: ownWorkspace(paths),
    processes,
  });
  const kept = createStateKeeper(join(app.getPath("userData"), "window.json"));
  const wishes = createWishes();
  let window: BrowserWindow;

  let commands: readonly MenuCommand[] = [];
  const drawMenu = () =>
    Menu.setApplicationMenu(
      buildMenu({
        commands,
        recent: recent.get(),
        run: (id) => wishes.add({ type: "command", id }),
        open,
        forgetRecent: recent.forget,
      }),
    );
  const recent = createRecentPaths(kept, () => drawMenu());
  const open = (path: string) => {
    wishes.add({ type: "open", path });
    bringForward(window);
  };

  const desktop = createDesktopApi({
    window: () => window,
    wishes,
    offerCommands: (offered) => {
      commands = offered;
      drawMenu();
    },
    remember: recent.remember,
  });
  servePage(site);
  acceptPages((path, channel) =>
    path === desktopChannel ? serveCalls(desktop, channel) : engine.serve(path, channel),
  );
  drawMenu();
  window = openWindow({ preload: join(import.meta.dirname, "preload.cjs"), kept });
  guardClosing(window, processes);
  onOpenedPaths(open);
  app.on("second-instance", () => bringForward(window));
  notifyEnds({
    sessions: engine.watchSessions(),
    isInFront: () => window.isFocused(),
    show: (session) => {
      wishes.add({ type: "session", id: session });
      bringForward(window);
    },
    // The window says itself why the sessions can't be listed: what is missed are notifications.
  }).catch(() => {});
}
