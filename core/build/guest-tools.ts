import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { GuestTools } from "../../shared/recipe.ts";
import { requireFile } from "../files/files.ts";
import { type CommandRunner, commandIn, runCommand } from "../process.ts";
import type { DataFile } from "./data-iso.ts";
import { workFiles } from "./kept-work.ts";

const ownBuildScript = fileURLToPath(new URL("../../guest/build.sh", import.meta.url));
/** Where setup.sh puts the tools in the guest. */
const guestPath = "/opt/guest-tools";

interface GuestToolsOptions {
  /** The recipe's folder: relative paths start there, and build commands run there. */
  readonly recipeFolder: string;
  /** An existing folder for what is built. */
  readonly folder: string;
  /** Runs the build command. */
  readonly run?: CommandRunner;
}

/**
 * Makes the guest tools ready for the data CD: `guest-tools`, the binary, and `start-guest-tools`, the script that
 * starts it in the guest with the recipe's arguments. Without a recipe for them, Tinsmith's own are compiled.
 */
export async function prepareGuestTools(
  tools: GuestTools | undefined,
  { recipeFolder, folder, run: runBuild = runCommand }: GuestToolsOptions,
): Promise<readonly DataFile[]> {
  const own = join(folder, workFiles.guestTools);
  const { build, binary, run } = tools ?? {
    build: [ownBuildScript, own] as const,
    binary: own,
    run: ["run"],
  };
  if (build) await runBuild(commandIn(recipeFolder, build), { cwd: recipeFolder });
  const from = requireFile(resolve(recipeFolder, binary), "The recipe names it as the guest tools' binary.");
  const start = `#!/bin/sh\nexec ${[guestPath, ...run].map(quoteForShell).join(" ")}\n`;
  return [
    { name: basename(guestPath), from },
    { name: "start-guest-tools", text: start },
  ];
}

function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
