import { join } from "node:path";
import { app } from "electron";
import { installation } from "../core/storage/installation.ts";
import { findPaths } from "../core/storage/paths.ts";
import packageJson from "../package.json" with { type: "json" };
import { surviveCrashes } from "./lifecycle/crashes.ts";
import { collectOpenedPaths } from "./menu/opened-paths.ts";
import { startShell } from "./start-app.ts";
import { lockDown } from "./window/lockdown.ts";
import { registerScheme } from "./window/page-protocol.ts";

// The data of a test or of a second home stays together, and belongs to another instance.
if (process.env.TINSMITH_HOME) app.setPath("userData", join(process.env.TINSMITH_HOME, "window"));
const site = { paths: findPaths(), renderer: installation.renderer };
const crashes = surviveCrashes(site.paths, packageJson.version);
lockDown(site);
registerScheme();
const openedPaths = collectOpenedPaths();
// A second start hands its arguments to the first, and ends.
if (app.requestSingleInstanceLock()) {
  void app
    .whenReady()
    .then(() => startShell(site, crashes, openedPaths))
    .catch(crashes.cannotStart);
} else app.quit();
