import type { Readable } from "node:stream";
import { stripControls } from "../../shared/text/strip-controls.ts";

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
      .map(stripControls)
      .filter((line) => line.trim())
      .slice(-shownLines);
}
