import { join } from "node:path";
import { app } from "electron";
import { installation } from "../core/installation.ts";
import { findPaths } from "../core/paths.ts";
import packageJson from "../package.json" with { type: "json" };
import { endOnCrash } from "./crashes.ts";
import { lockDown } from "./lockdown.ts";
import { registerScheme } from "./page-protocol.ts";
import { startShell } from "./shell.ts";

// As in electron-builder.yml: Windows shows notifications by it.
app.setAppUserModelId("tinsmith.desktop");
// What a test or a second home keeps stays together, and is another instance.
if (process.env.TINSMITH_HOME) app.setPath("userData", join(process.env.TINSMITH_HOME, "window"));
const site = { paths: findPaths(), renderer: installation.renderer };
endOnCrash(site.paths, packageJson.version);
lockDown(site);
registerScheme();
// A second start hands its arguments to the first, and ends.
if (app.requestSingleInstanceLock()) void app.whenReady().then(() => startShell(site));
else app.quit();
