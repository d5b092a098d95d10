import { expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

function split(...chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test("bytes become lines, wherever they are cut, with either kind of line end", () => {
  const [head, tail] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
  expect(split("one\r\ntw", "o\n\nthr", head, tail, "\r\r\nlast")).toEqual([
    "one",
    "two",
    "",
    "thré",
    "last",
  ]);
});

test("a line that never ends is cut, so that it can't fill the memory", () => {
  expect(split("x".repeat(10_000)).map((line) => line.length)).toEqual([4096, 4096, 1808]);
});
