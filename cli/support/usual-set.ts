import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownWorkspace } from "../../core/storage/installation.ts";
import type { Paths } from "../../core/storage/paths.ts";

/** The embedded guest OS's image set, in the folder at hand or in the workspace. */
export function usualSet(paths: Paths): string {
  const here = "images/microcore";
  return existsSync(here) ? here : join(ownWorkspace(paths), "microcore");
}
