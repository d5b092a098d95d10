import type { Readable } from "node:stream";
import { printable } from "../../shared/text/format.ts";

const keptCharacters = 4_096;
const shownLines = 10;

/** Reads all that a process prints, and remembers the end of it. @returns its last lines, so far */
export function lastPrintedLines(stream: Readable | NodeJS.ReadableStream | null): () => readonly string[] {
  let tail = "";
  stream?.on("data", (bytes: Buffer | string) => {
    tail = (tail + bytes).slice(-keptCharacters);
  });
  return () =>
    tail
      .split("\n")
      .map(printable)
      .filter((line) => line.trim())
      .slice(-shownLines);
}
