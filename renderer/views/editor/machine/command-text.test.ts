import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandText, groupOptions } from "./command-text.ts";

const args = [
  "-S",
  "-name",
  "guest=it's",
  "-netdev",
  "type=user,guestfwd=tcp:1.2.3.4:80-cmd:nc -U /run/$HOME/x",
  "-k",
  "da",
];

test("options stand with their values", () => {
  expect(groupOptions(args)).toEqual([
    ["-S", ""],
    ["-name", "guest=it's"],
    ["-netdev", "type=user,guestfwd=tcp:1.2.3.4:80-cmd:nc -U /run/$HOME/x"],
    ["-k", "da"],
  ]);
});

test("a shell reads the copied command as it is", () => {
  const text = commandText("printf", ["-- %s\\n", ...args]);
  expect(text.split(" \\\n")).toHaveLength(6);
  const script = `words() { printf '%s\\n' "$@"; }; ${commandText("words", args)}`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n")).toEqual(args);
});
