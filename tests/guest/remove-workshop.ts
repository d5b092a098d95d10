import { rmSync } from "node:fs";
import { findPaths } from "../../core/storage/paths.ts";
import { deleteStates } from "../delete-states.ts";
import type { Workshop } from "./tinsmith.ts";

/** Removes a workshop, and the states that were saved in it. @param other a workshop whose states stay */
export async function removeWorkshop(workshop: Workshop, other?: Workshop): Promise<void> {
  const pathsOf = ({ folder }: Workshop) => findPaths({ ...process.env, XDG_STATE_HOME: folder });
  await deleteStates(pathsOf(workshop), other && pathsOf(other));
  rmSync(workshop.folder, { recursive: true });
}
