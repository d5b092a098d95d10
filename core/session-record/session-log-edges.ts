import { closeSync, readSync } from "node:fs";
import { openRegularFileSync, statusOf } from "../files/regular-file.ts";
import { longestLine } from "./session-log-reader.ts";

/** How much of a log's beginning or end is read at first. Events may be longer: a task's variables are in the first one. */
const edgeBytes = 64 * 1024;
/**
 * The number of lines that are read at least, if there are so many: the wanted one need not be the very first or
 * last.
 */
const leastLines = 16;

/**
 * The first whole lines of a session's log; none when there is no log.
 *
 * @throws AppError when anything else than a file is in its place; the system's error when it can't be read.
 */
export function firstLines(path: string): readonly string[] {
  return edgeLines(
    path,
    (text) => text.split("\n").slice(0, -1),
    () => 0,
  );
}

/** The last whole lines of a session's log, oldest first. @throws as `firstLines` */
export function lastLines(path: string): readonly string[] {
  return edgeLines(
    path,
    // If the text begins within a line, its first piece is not a whole line.
    (text, isWhole) => text.split("\n").slice(isWhole ? 0 : 1, -1),
    (size, length) => size - length,
  );
}

function edgeLines(
  path: string,
  linesOf: (text: string, isWhole: boolean) => readonly string[],
  startOf: (size: number, length: number) => number,
): readonly string[] {
  const status = statusOf(path);
  if (!status) return [];
  const file = openRegularFileSync(path);
  try {
    for (let length = edgeBytes; ; length *= 2) {
      const block = Buffer.alloc(Math.min(length, status.size));
      const bytes = readSync(file, block, 0, block.length, startOf(status.size, block.length));
      const isWhole = block.length === status.size;
      const lines = linesOf(block.toString("utf8", 0, bytes), isWhole);
      if (isWhole || lines.length >= leastLines || length >= longestLine) return lines;
    }
  } finally {
    closeSync(file);
  }
}
