import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { findSections } from "./command-blocks.ts";
import { runSection } from "./run-section.ts";

// The checks of the pages must not pass for every page.

const workplace = { folder: tmpdir(), env: process.env };

/** Runs the blocks of a page that is written so. */
async function follow(text: string): Promise<void> {
  for (const section of findSections({ path: "page.md", text })) await runSection(section, workplace);
}

const block = (...lines: string[]) => ["```console", ...lines, "```", ""].join("\n");

test.each([
  ["a command that prints what is shown", block("$ echo hello", "hello")],
  ["numbers, sizes, times and ids that are others", block("$ echo 'took 12.5 s: 3 MB'", "took 1 s: 400 kB")],
  ["lines that are left out", block("$ seq 3 | sed 's/^/line /'", "...", "line 2", "...")],
  [
    "a note of what an earlier session left",
    block("$ echo 'note: Cleaned up after the killed session'; echo hello", "hello"),
  ],
  ["output that is not shown", block("$ echo hello")],
  ["a variable of an earlier command", block("$ name=world", "$ echo hello $name", "hello world")],
  ["a command of two lines", block("$ echo hello \\", "    world", "hello world")],
  ["an exit status that is told", `<!-- run: exit status 3 -->\n${block("$ exit 3")}`],
  ["a block that is not run", `<!-- not run: it fails -->\n${block("$ false")}`],
  [
    "one in the background that is interrupted",
    `<!-- run: in the background until "ready", then interrupted, exit status 130 -->\n${block(
      "$ echo ready; sleep 600",
      "ready",
    )}\n${block("$ true")}`,
  ],
])("a page passes with %s", async (_what, text) => {
  await follow(text);
});

test.each([
  ["a command that fails", block("$ false"), "page.md:1: ended with 1, not with 0"],
  ["a first command that fails", block("$ false", "$ true"), "ended with 1"],
  ["other words", block("$ echo hello", "goodbye"), "was not printed: goodbye"],
  ["a line too few", block("$ seq 2 | sed 's/^/line /'", "line 1"), "not: line N"],
  ["a line too many", block("$ echo one", "one", "two"), "was not printed: two"],
  ["lines in another order", block("$ echo b; echo a", "a", "b"), "was not printed: a"],
  ["a success where a failure is told", `<!-- run: exit status 3 -->\n${block("$ true")}`, "not with 3"],
  [
    "one in the background that ends before it is ready",
    `<!-- run: in the background until "ready" -->\n${block("$ echo no")}`,
    "did not print ready",
  ],
  ["a wish that nobody knows", `<!-- run: twice -->\n${block("$ true")}`, "no way to run a block: twice"],
  ["a block in no language", "```\n$ true\n```", "a block in no known language"],
  ["commands outside of a block", "    $ true\n", "commands belong into a block"],
  ["a block without a command", block("hello"), "begins with $"],
])("a page fails with %s", async (_what, text, message) => {
  await expect(follow(text)).rejects.toThrow(message);
});
