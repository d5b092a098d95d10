import { existsSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Paths } from "../storage/paths.ts";
import { takeTurn } from "./session-cleanup.ts";

/**
 * Removes the folder of sockets after the last of them, if it is below /tmp. That is so when the user's own folder has no
 * path that is fit for a socket; nobody would look for a leftover there.
 */
export function removeSocketsFolder(paths: Paths): void {
  if (dirname(paths.sockets) === dirname(paths.sessions)) return;
  try {
    // No other process may begin a session meanwhile, which makes a folder in this one.
    using _turn = existsSync(paths.sessions) ? takeTurn(paths) : undefined;
    rmdirSync(paths.sockets);
  } catch {
    // Other sockets are in it; the process that closes the last one removes it.
  }
}
