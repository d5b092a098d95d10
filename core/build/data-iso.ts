import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Argv, type CommandRunner, runCommand } from "../process.ts";
import { workFiles } from "./kept-work.ts";

/** A file on the data CD: copied from the host, or made here. */
export type DataFile = { readonly name: string } & ({ readonly from: string } | { readonly text: string });

/** What setup images look for: the model's tools have always named the volume so. */
const volumeName = "DATA_VOLUME";
/** The date of everything on the CD, so that the same files give the same bytes: 2020-01-01 in xorriso's form. */
const fixedDate = "2020010100000000";

/**
 * Makes the CD that brings setup.sh and what it needs into a guest. Everything on it is executable, owned by root.
 *
 * @param folder an existing folder for the staged files and the ISO.
 * @param run runs the program that makes it.
 * @returns the path of the ISO.
 */
export async function makeDataIso(
  files: readonly DataFile[],
  folder: string,
  run: CommandRunner = runCommand,
): Promise<string> {
  const staged = join(folder, "data-cd");
  mkdirSync(staged);
  for (const file of files) {
    const target = join(staged, file.name);
    if ("from" in file) copyFileSync(file.from, target);
    else writeFileSync(target, file.text);
    chmodSync(target, 0o755);
  }
  const iso = join(folder, workFiles.dataCd);
  await run(isoCommand(staged, iso));
  return iso;
}

/** The command that makes a data CD of all that is in a folder, as it is; links stay links. */
export function isoCommand(folder: string, iso: string): Argv {
  const dates = [`--modification-date=${fixedDate}`, "--set_all_file_dates", fixedDate];
  const options = ["-rational-rock", "-joliet", "-V", volumeName, ...dates];
  return ["xorriso", "-as", "mkisofs", ...options, "-o", iso, folder];
}
