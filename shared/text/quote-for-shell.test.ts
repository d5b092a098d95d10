import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { argumentForShell, quoteForShell } from "./quote-for-shell.ts";

test("a shell reads each word as it is", () => {
  const words = ["", "it's", "'", "$HOME `id` \\", "a\nb", "*", "~", "é", "--x=a,b:c@d%e+f/g.h", "!x", "#"];
  const script = `printf '%s\\0' ${words.map(quoteForShell).join(" ")}`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
});

test("only a word that needs quotes has them", () => {
  expect(quoteForShell("--file=/a/b.c,x:y")).toBe("--file=/a/b.c,x:y");
  expect(quoteForShell("it's")).toBe(String.raw`'it'\''s'`);
  expect(quoteForShell("")).toBe("''");
});

test("an argument that begins with a dash is not an option", () => {
  expect(argumentForShell("-a try")).toBe("-- '-a try'");
  expect(argumentForShell("a-try")).toBe("a-try");
});
