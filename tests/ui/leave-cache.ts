import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HeldEntry } from "../../core/cache/find-entry.ts";
import { findOrMakeEntry } from "../../core/cache/make-entry.ts";
import type { Paths } from "../../core/storage/paths.ts";

/** Puts two images and a state into the cache. @returns the state, which is in use until it is disposed of */
export async function leaveCache(paths: Paths): Promise<HeldEntry> {
  const make = async (folder: string) => writeFileSync(join(folder, "file"), Buffer.alloc(81920, 1));
  for (const name of ["tinycore-setup.tar.lz4", "microcore-setup.tar.lz4"]) {
    const entry = { kind: "image", key: name.slice(0, 4), what: `the disk of ${name}`, make } as const;
    (await findOrMakeEntry(paths, entry))[Symbol.dispose]();
  }
  const what = "the state of microcore-setup.tar.lz4 before it reads the data CD";
  return await findOrMakeEntry(paths, { kind: "state", key: "state", what, make });
}
