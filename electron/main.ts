import { join } from "node:path";
import { app } from "electron";
import { findPaths } from "../core/paths.ts";
import packageJson from "../package.json" with { type: "json" };
import { endOnCrash } from "./crashes.ts";
import { lockDown } from "./lockdown.ts";
import { registerScheme } from "./page-protocol.ts";
import { startShell } from "./shell.ts";

// What a test or a second home keeps stays together, and is another instance.
if (process.env.TINSMITH_HOME) app.setPath("userData", join(process.env.TINSMITH_HOME, "window"));
endOnCrash(findPaths(), packageJson.version);
lockDown();
registerScheme();
// A second start hands its arguments to the first, and ends.
if (app.requestSingleInstanceLock()) void app.whenReady().then(startShell);
else app.quit();
