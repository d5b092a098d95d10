import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { app } from "electron";

/** Calls back with each path that the system asks the app to open: at its start, by a later one, or from the file manager. */
export function onOpenedPaths(open: (path: string) => void): void {
  const openAll = (args: readonly string[], folder: string) => {
    for (const path of pathsIn(args, folder)) open(path);
  };
  // On a Mac files come by this, elsewhere as arguments.
  app.on("open-file", (event, path) => {
    event.preventDefault();
    open(path);
  });
  app.on("second-instance", (_event, args, folder) => openAll(args, folder));
  openAll(process.argv, process.cwd());
}

/** Of a command line, what is there as a file or folder: the rest are Chromium's switches, the program, and the app itself. */
export function pathsIn(args: readonly string[], folder: string): readonly string[] {
  return args
    .slice(app.isPackaged ? 1 : 2)
    .filter((argument) => !argument.startsWith("-"))
    .map((argument) => resolve(folder, argument))
    .filter((path) => existsSync(path));
}
