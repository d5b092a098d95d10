import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Argv, type CommandRunner, runCommand } from "../process/run-command.ts";

/** A file on the data CD: one of the host, or one that is made here. */
export type DataFile = { readonly name: string } & ({ readonly from: string } | { readonly text: string });

/** The name of the ISO in the folder that it is made in. */
export const dataIsoName = "data-cd.iso";
/** Setup images look for this name: the model's tools have always named the volume so. */
const volumeName = "DATA_VOLUME";
/** The date of everything on the CD, so that the same files give the same bytes: 2020-01-01 in xorriso's form. */
const fixedDate = "2020010100000000";

/**
 * Makes the CD that brings setup.sh and what it needs into a guest. Everything on it is executable, owned by root. The
 * files of the host are read where they are, and never are in memory as a whole.
 *
 * @param folder an existing folder for the ISO, and for the files that are made here.
 * @param run runs the program that makes it.
 * @returns the path of the ISO.
 */
export async function makeDataIso(
  files: readonly DataFile[],
  folder: string,
  run: CommandRunner = runCommand,
): Promise<string> {
  const made = join(folder, "data-cd");
  mkdirSync(made);
  const grafts = files.map((file) => {
    const from = "from" in file ? file.from : join(made, file.name);
    if ("text" in file) writeFileSync(from, file.text);
    // From the root of the CD: a name that begins with "-" would be taken for an option.
    return `/${escapeGraft(file.name)}=${escapeGraft(from)}`;
  });
  const iso = join(folder, dataIsoName);
  const options = ["-follow-links", "-file-mode", "0555", "-o", iso, "-graft-points"];
  await run([...isoProgram, ...options, ...grafts]);
  return iso;
}

/** The command that makes a data CD of all that is in a folder, as it is; links stay links. */
export function isoCommand(folder: string, iso: string): Argv {
  return [...isoProgram, "-o", iso, folder];
}

/** The command that makes a data CD of files and folders, each under its own name. @param paths absolute */
export function isoCommandOf(paths: readonly string[], iso: string): Argv {
  const grafts = paths.map((path) => `/${escapeGraft(basename(path))}=${escapeGraft(path)}`);
  return [...isoProgram, "-o", iso, "-graft-points", ...grafts];
}

/** The program, with the options of every data CD. */
const isoProgram: Argv = [
  ...(["xorriso", "-as", "mkisofs", "-quiet", "-rational-rock", "-joliet", "-V", volumeName] as const),
  // Files from 4 GiB on are in several parts, which only this level has.
  ...["-iso-level", "3"],
  ...[`--modification-date=${fixedDate}`, "--set_all_file_dates", fixedDate],
];

/** Writes a path for one side of a graft point, `ON_CD=ON_HOST`. */
function escapeGraft(path: string): string {
  return path.replace(/[\\=]/g, "\\$&");
}
