import { existsSync, readFileSync } from "node:fs";
import { deleteUnlessUsed } from "../core/cache/delete-entry.ts";
import { entryFolder } from "../core/cache/find-entry.ts";
import type { Paths } from "../core/storage/paths.ts";

/**
 * Deletes the saved states that are known in a home, which a test leaves in this user's cache: nobody else can use them.
 *
 * @param other a home whose states stay
 */
export async function deleteStates(paths: Paths, other?: Paths): Promise<void> {
  const kept = other ? knownStates(other) : [];
  for (const key of knownStates(paths).filter((key) => !kept.includes(key))) {
    const locked = entryFolder(paths, { kind: "state", key });
    await deleteUnlessUsed(paths, { parts: [locked], locked });
  }
}

/** The keys of the states that were saved in a home, or are known there. */
function knownStates({ knownStates: list }: Paths): readonly string[] {
  return existsSync(list) ? Object.keys(JSON.parse(readFileSync(list, "utf8")).states) : [];
}
