import { randomUUID } from "node:crypto";
import { constants, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/folders.ts";
import { tryLock } from "../files/locks/file-lock.ts";
import { type IsoPaths, isoBuildingSuffix, isoPaths } from "../storage/paths.ts";
import { hasKeptIso, keepIso } from "./iso-cache.ts";
import { lockIso } from "./iso-lock.ts";

interface BuildOptions {
  /** Builds the ISO at a path where nothing is. */
  readonly make: (path: string) => Promise<void>;
  /** Whether the ISO that was made just now may have the name: its inputs are still the same. */
  readonly isUnchanged: () => Promise<boolean>;
  /** An existing folder, which takes an ISO that may not be kept. */
  readonly working: string;
  readonly onLine: (line: string) => void;
  readonly onNote: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds an ISO in the cache by its name, or builds it there. Of several that want the same one, one builds it. An ISO
 * whose inputs changed while it was built is not kept in the cache, since nobody knows which of them it was made from.
 *
 * @returns the ISO's path.
 */
export async function buildOnce(cache: string, name: string, options: BuildOptions): Promise<string> {
  const { make, isUnchanged, working, onNote, signal } = options;
  const files = isoPaths(cache, name);
  makeFolder(files.folder);
  using _lock = await lockIso(cache, files, { ...options, doing: "building" });
  clearDeadBuilds(cache, files);
  if (await hasKeptIso(files, options)) return files.iso;
  mkdirSync(files.building);
  try {
    // A command that has outlived a killed builder knows the folder, and not this name.
    const made = join(files.building, `${randomUUID()}.iso`);
    await make(made);
    if (!(await isUnchanged())) {
      onNote(
        "The inputs of the install ISO changed while it was built: Tinsmith uses it for this build only, and does not cache it.",
      );
      const iso = join(working, "install.iso");
      await copyFile(made, iso, constants.COPYFILE_FICLONE);
      return iso;
    }
    await keepIso(files, made, signal);
    return files.iso;
  } finally {
    rmSync(files.building, { recursive: true, force: true });
  }
}

/** Deletes the leftovers of killed builders: of this ISO, which nobody else builds now, and of others. */
function clearDeadBuilds(cache: string, { folder, building }: IsoPaths): void {
  rmSync(building, { recursive: true, force: true });
  for (const name of readdirSync(folder)) {
    if (isDeadPartialFile(name)) rmSync(join(folder, name));
    if (!name.endsWith(isoBuildingSuffix)) continue;
    const other = isoPaths(cache, name.slice(0, -isoBuildingSuffix.length));
    const lock = tryLock(other.lock, `process ${process.pid}`);
    if ("heldBy" in lock) continue;
    using _lock = lock;
    rmSync(other.building, { recursive: true, force: true });
  }
}

/** Whether it is a file in which a process that has ended built an ISO. Tinsmith's first version named them so. */
function isDeadPartialFile(name: string): boolean {
  const [, id] = /^[0-9a-f]{64}\.iso\.(\d+)\.partial$/.exec(name) ?? [];
  return id !== undefined && !existsSync(join("/proc", id));
}
