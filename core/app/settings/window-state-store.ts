import { existsSync } from "node:fs";
import { changeWindowState, type WindowState, windowStateSchema } from "../../../shared/app/window-state.ts";
import { changeVersioned, readVersioned, type VersionedFormat } from "../../files/writing/versioned-json.ts";
import type { Paths } from "../../storage/paths.ts";

const format: VersionedFormat<WindowState> = {
  what: "the window's state",
  schema: windowStateSchema,
  migrations: [(state) => state],
  // It has the commands of runs.
  isPrivate: true,
};

/** The state that a window begins with; empty when there is none, or it can't be read. */
export function readWindowState(paths: Paths): WindowState {
  try {
    return existsSync(paths.windowState) ? readVersioned(paths.windowState, format) : {};
  } catch {
    // Nothing in it is worth a question; the first change reports the problem.
    return {};
  }
}

/** Keeps a change, beside those of other windows. @throws AppError as `readVersioned`, and then keeps nothing */
export function keepWindowState(paths: Paths, change: WindowState): void {
  changeVersioned(paths.windowState, format, (current = {}) => changeWindowState(current, change));
}
