// Starts the app that Electron's command line names, as the launcher does that Electron comes with: [-r MODULE] APP [ARGUMENT...], where APP is a folder
// with a package.json.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";

const named = process.argv.slice(1);
while (named[0]?.startsWith("-")) {
  const option = named.shift();
  if (option === "-r") createRequire(import.meta.url)(resolve(named.shift()));
}
const folder = resolve(named[0]);
const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
app.setAppPath(folder);
await import(pathToFileURL(join(folder, main)).href);
