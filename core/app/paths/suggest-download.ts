import { existsSync, lstatSync } from "node:fs";
import { homedir } from "node:os";
import { extname, join } from "node:path";
import { escapeName } from "../../../shared/text/escape-name.ts";

/** The longest name that most file systems allow, in bytes, less the part that distinguishes files of one name. */
const maxNameBytes = 255 - 16;

/**
 * A path that is free, in this user's folder for downloads, for a copy of something that somebody else has named.
 *
 * @param home the user's home, in which most have a folder `Downloads`
 */
export function suggestDownload(name: string, home = homedir()): string {
  const downloads = join(home, "Downloads");
  const folder = existsSync(downloads) ? downloads : home;
  const safe = safeName(name);
  const extension = extname(safe);
  const stem = safe.slice(0, safe.length - extension.length);
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? safe : `${stem} (${count})${extension}`);
    if (!lstatSync(path, { throwIfNoEntry: false })) return path;
  }
}

/** A name that is one in every folder, hides nothing and is not hidden. */
function safeName(name: string): string {
  const visible = escapeName(name).replaceAll(/[/\\]/g, "_").replace(/^\.+/, "");
  const bytes = Buffer.from(visible);
  // A character that is cut in two at the end is left out.
  const short = new TextDecoder().decode(bytes.subarray(0, maxNameBytes)).replace(/\uFFFD$/, "");
  return short === "" ? "download" : short;
}
