import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { app } from "electron";

/** The paths that the app is given to open: at its start, or by a later start, which is also how file managers open files. */
export interface OpenedPaths {
  /** Calls back with each path, at once with those that came before. */
  follow(open: (path: string) => void): void;
}

export function collectOpenedPaths(): OpenedPaths {
  const waiting: string[] = [];
  let open = (path: string): void => void waiting.push(path);
  const openAll = (args: readonly string[], folder: string) => {
    for (const path of pathsIn(args, folder)) open(path);
  };
  app.on("second-instance", (_event, args, folder) => openAll(args, folder));
  openAll(process.argv, process.cwd());
  return {
    follow: (callback) => {
      open = callback;
      for (const path of waiting.splice(0)) open(path);
    },
  };
}

/**
 * The arguments that are existing paths. The rest are the program, the app itself where Electron is not the app, and
 * switches, which Chromium puts before the app's path in the arguments of a second start.
 */
function pathsIn(args: readonly string[], folder: string): readonly string[] {
  return args
    .filter((argument) => !argument.startsWith("-"))
    .slice(app.isPackaged ? 1 : 2)
    .map((argument) => resolve(folder, argument))
    .filter((path) => existsSync(path));
}
