import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "./pages.ts";

// The page is found by the words that a person has just read, so it quotes only what the program says.

const onOneLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** All sources that print for a person. */
function sources(): string {
  return ["core", "shared", "cli", "renderer", "electron", "scripts"]
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(?:tsx?|sh)$/.test(name) && !/\.test\.tsx?$/.test(name))
        .map((name) => readFileSync(join(project, folder, name), "utf8")),
    )
    .join("\n");
}

test("the page on troubles quotes only what the program says", () => {
  const said = onOneLine(sources());
  const rows = readFileSync(join(project, "docs/troubleshooting.md"), "utf8").matchAll(/^\|([^|]+)\|/gm);
  const quotes = [...rows]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)])
    .map(([, text]) => text);
  expect(quotes.length).toBeGreaterThan(50);
  expect(quotes.filter((text = "") => !said.includes(onOneLine(text)))).toEqual([]);
});
