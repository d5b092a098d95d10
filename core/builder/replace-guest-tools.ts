import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { readImageSet } from "../image-set/image-set.ts";
import type { DataFile } from "../iso/data-iso.ts";
import { runCommand } from "../process/run-command.ts";
import { guestToolsFolder } from "../runner/replace-tools.ts";
import type { AttachedSession } from "../session/client/attach.ts";
import { prepareGuestTools } from "./prepare-guest-tools.ts";

interface ReplaceOptions {
  /** The folder of an image set, whose recipe says how they are built; by default that of the session's image. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with what happens now, as a sentence. */
  readonly onStep?: (text: string) => void;
}

/**
 * Builds guest tools, puts them into a running guest in place of its own, and restarts them. The image is not changed.
 *
 * @throws AppError `usage` for a session that is not a run; `invalid-recipe`, `command-failed`; as `putFile` and `restartGuestTools` do
 */
export async function replaceGuestTools(
  { api, description }: Pick<AttachedSession, "api" | "description">,
  { folder, signal, onStep = () => {} }: ReplaceOptions = {},
): Promise<void> {
  if (description.kind !== "run") throw hasNoTools(description.id);
  const recipeFolder = folder ?? folderOf(description.image);
  const tools = recipeFolder === undefined ? undefined : readImageSet(recipeFolder).recipe.guestTools;
  const work = mkdtempSync(join(tmpdir(), "tinsmith-tools-"));
  try {
    onStep("Building the guest tools.");
    const files = await prepareGuestTools(tools, {
      ...{ recipeFolder: recipeFolder ?? work, folder: work },
      run: (command, options) => runCommand(command, { ...options, signal }),
    });
    onStep("Copying them into the guest.");
    for (const source of makePrograms(files, join(work, "programs"))) {
      const transfer = await api.guest.putFile({ source, path: guestToolsFolder }, { signal });
      while (!(await transfer.next()).done);
    }
    onStep("Restarting them.");
    await api.guest.restartTools(undefined, { signal });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Those of a MetaService run on this host, where nothing may be overwritten. */
function hasNoTools(id: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${id} is not a run of an image, whose guest tools can be replaced`,
    advice: "Choose a run with --session, or restart the guest tools of a MetaService by hand.",
  });
}

/** The folder of an image that is in an image set. */
function folderOf(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const folder = dirname(image);
  return existsSync(join(folder, "recipe.yaml")) ? folder : undefined;
}

/** Makes the files of a data CD in a new folder, executable as they are on the CD. @returns their paths */
export function makePrograms(files: readonly DataFile[], folder: string): readonly string[] {
  mkdirSync(folder);
  return files.map((file) => {
    const path = join(folder, file.name);
    if ("from" in file) copyFileSync(file.from, path);
    else writeFileSync(path, file.text);
    chmodSync(path, 0o755);
    return path;
  });
}
