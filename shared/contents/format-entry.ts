import { formatDate } from "../text/format.ts";
import type { ContentEntry, EntryKind } from "./entry.ts";

/** The first letter of `ls -l`. */
const kindLetters: Readonly<Record<EntryKind, string>> = {
  file: "-",
  folder: "d",
  symlink: "l",
  fifo: "p",
  socket: "s",
  "char-device": "c",
  "block-device": "b",
};

/** Kind and permissions as `ls -l` shows them: `-rwxr-xr-x`. */
export function formatMode({ kind, mode }: Pick<ContentEntry, "kind" | "mode">): string {
  if (mode === undefined) return `${kindLetters[kind]}?????????`;
  const letters = [..."rwxrwxrwx"].map((letter, index) => (mode & (0o400 >> index) ? letter : "-"));
  const special = (bit: number, index: number, letter: string) => {
    if (mode & bit) letters[index] = letters[index] === "x" ? letter : letter.toUpperCase();
  };
  special(0o4000, 2, "s");
  special(0o2000, 5, "s");
  special(0o1000, 8, "t");
  return kindLetters[kind] + letters.join("");
}

/** A line about an entry, as `ls -l` has it. @param name shown in place of its own */
export function formatEntry(entry: ContentEntry, name = entry.name): string {
  const { uid = "?", gid = "?", size, device, modified, kind, target } = entry;
  const time = modified === undefined ? "" : formatDate(modified).slice(0, 16);
  const marked = kind === "folder" || entry.mayHoldFiles ? `${name}/` : name;
  return [
    formatMode(entry),
    `${uid}`.padStart(5),
    `${gid}`.padStart(5),
    `${device ?? size}`.padStart(12),
    time.padEnd(16),
    target === undefined ? marked : `${name} -> ${target}`,
  ].join(" ");
}
