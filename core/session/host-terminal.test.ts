import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createHostTerminal } from "./host-terminal.ts";

function newTerminal() {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-host-"));
  const terminal = createHostTerminal(join(folder, "host.log"));
  onTestFinished(() => {
    terminal[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });
  const lines: string[] = [];
  const stop = new AbortController();
  const run = terminal.runner(stop.signal, (line) => lines.push(line));
  return { stop, folder, run, lines, printed: () => readFileSync(terminal.output.path, "utf8") };
}

test("a command has a terminal, and what it prints is kept as it is, and told in plain lines", async () => {
  const { run, lines, printed } = newTerminal();
  await run(["sh", "-c", 'test -t 1 && test -t 2 && printf "\\033[32mgreen\\033[0m\\n\\377" && stty size']);
  expect(lines.slice(0, 1)).toEqual(["green"]);
  expect(lines.at(-1)).toMatch(/24 100$/);
  expect(printed()).toContain("\x1b[32mgreen\x1b[0m\r\n");
  expect(printed()).toContain("$ sh -c");
});

test("commands run in their folder, with what is added to the environment, one after another", async () => {
  const { folder, run, lines, printed } = newTerminal();
  writeFileSync(join(folder, "say"), '#!/bin/sh\necho "$(pwd) $WORD"\n');
  chmodSync(join(folder, "say"), 0o755);
  await run(["./say"], { cwd: folder, env: { WORD: "one" } });
  await run(["./say"], { cwd: folder, env: { WORD: "two" } });
  expect(lines).toEqual([`${folder} one`, `${folder} two`]);
  expect(printed().indexOf("one")).toBeLessThan(printed().indexOf("two"));
});

test("all of a long output is kept", async () => {
  const { run, printed } = newTerminal();
  await run(["seq", "1", "20000"]);
  const numbers = printed().split("\r\n").slice(1, -1);
  expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => `${index + 1}`));
});

test("a command that fails says how, with its last lines", async () => {
  const { run } = newTerminal();
  await expect(run(["sh", "-c", "echo oops; exit 3"])).rejects.toMatchObject({
    code: "command-failed",
    message: "sh failed with exit status 3",
    details: ["command: sh -c echo oops; exit 3", "oops"],
  });
  await expect(run(["sh", "-c", "kill -9 $$"])).rejects.toMatchObject({ message: "sh was ended by SIGKILL" });
  await expect(run(["no-such-program"])).rejects.toMatchObject({ code: "missing-tool" });
});

test("a command that waits for input finds its end", async () => {
  const { run, lines } = newTerminal();
  await run(["sh", "-c", "cat; echo over"]);
  expect(lines.at(-1)).toBe("over");
});

test("an abort ends a command", async () => {
  const { run, stop } = newTerminal();
  const running = run(["sh", "-c", "echo started; exec sleep 600"]);
  setTimeout(() => stop.abort(), 100);
  await expect(running).rejects.toMatchObject({ code: "interrupted", message: "sh was interrupted" });
});
