import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { stripControls } from "../../../shared/text/strip-controls.ts";

/** Characters of a process's command that are shown: it may have any length. */
const shownCharacters = 100;

/**
 * Another process that has a file or folder open, for a person who finds it locked: `process 123 (node main.ts ...)`.
 *
 * @returns undefined where none can be seen: other users' can't, nor any on a system without /proc.
 */
export function whoHasOpen(path: string): string | undefined {
  const file = attempt(() => realpathSync(path), "");
  const id = attempt(() => readdirSync("/proc"), []).find(
    (name) => /^\d+$/.test(name) && name !== `${process.pid}` && hasOpen(name, file),
  );
  return id && `process ${id} (${commandLine(id)})`;
}

/** Whether a process has a file or folder open; false where that can't be seen. */
export function isOpenIn(processId: number, path: string): boolean {
  return hasOpen(
    `${processId}`,
    attempt(() => realpathSync(path), ""),
  );
}

function hasOpen(id: string, file: string): boolean {
  const folder = `/proc/${id}/fd`;
  return attempt(() => readdirSync(folder), []).some(
    (number) => attempt(() => readlinkSync(join(folder, number)), undefined) === file,
  );
}

/** Processes end, and close files, while they are looked at. */
function attempt<Result>(look: () => Result, otherwise: Result): Result {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function commandLine(id: string): string {
  const words = attempt(() => readFileSync(`/proc/${id}/cmdline`, "utf8"), "").split("\0");
  return stripControls(words.join(" ").trim()).slice(0, shownCharacters);
}
