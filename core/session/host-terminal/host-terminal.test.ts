import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AwaitedInput } from "../../../shared/session/build.ts";
import { eventually } from "../../../tests/eventually.ts";
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
  const waits: (AwaitedInput | undefined)[] = [];
  const unfinished: string[] = [];
  const ran: unknown[] = [];
  const run = terminal.runner({
    signal: stop.signal,
    onStarted: (argv) => ran.push(argv),
    onExit: (exit) => ran.push([...lines], exit),
    onLine: (line) => lines.push(line),
    onUnfinishedLine: (line) => unfinished.push(line),
    onWaiting: (input) => waits.push(input),
    times: { interval: 50, settled: 200, quiet: 1_000 },
  });
  const printed = () => readFileSync(terminal.output.path, "utf8");
  return { terminal, stop, folder, run, lines, unfinished, waits, ran, printed };
}

test("a command has a terminal, and what it prints is kept as it is, and told in plain lines", async () => {
  const { run, lines, printed } = newTerminal();
  await run(["sh", "-c", 'test -t 1 && test -t 2 && printf "\\033[32mgreen\\033[0m\\n\\377" && stty size']);
  expect(lines.slice(0, 1)).toEqual(["green"]);
  expect(lines.at(-1)).toMatch(/24 100$/);
  expect(printed()).toContain("\x1b[32mgreen\x1b[0m\r\n");
  expect(printed()).toContain("$ sh -c");
});

test("a command's begin is told, and after its last line how it ended", async () => {
  const { run, ran, stop } = newTerminal();
  await run(["printf", "no line end"]);
  await expect(run(["sh", "-c", "exit 3"])).rejects.toThrow();
  const killed = run(["sleep", "600"]);
  await eventually(() => expect(ran.at(-1)).toEqual(["sleep", "600"]));
  stop.abort();
  await expect(killed).rejects.toThrow();
  const lines = ["no line end"];
  expect(ran).toEqual([
    ...[["printf", "no line end"], lines, { status: 0 }],
    ...[["sh", "-c", "exit 3"], lines, { status: 3 }],
    ...[["sleep", "600"], lines, { status: 143, signal: 15 }],
  ]);
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

test("a command that waits for input, which nobody can give, finds its end", async () => {
  const { run, lines, waits } = newTerminal();
  await run(["sh", "-c", "cat; printf 'Name: '; read -r name || echo none"]);
  expect(lines).toContain("Name: none");
  // Before it resumes, a slow one is reported once more.
  const prompts = waits.flatMap((wait) => (wait ? [wait.prompt] : []));
  expect([...new Set(prompts)]).toEqual(["", "Name:"]);
  expect(waits.at(-1)).toBeUndefined();
});

test("a command that fails without its input says that it waited for it, and which one it was", async () => {
  const { run } = newTerminal();
  await expect(run(["sh", "-c", "printf 'Sure? '; read -r answer"])).rejects.toMatchObject({
    code: "command-failed",
    message:
      "sh waited for input, and no window or terminal was there to type it. Its input was ended, and it failed with exit status 1.",
    details: ["command: sh -c printf 'Sure? '; read -r answer", "Sure? "],
  });
});

test("a command that goes on reading whatever it gets is ended when nobody is there", async () => {
  const { run } = newTerminal();
  await expect(run(["sh", "-c", "stty raw; while :; do head -c 1 >/dev/null; done"])).rejects.toMatchObject({
    message: "sh waited for input, and no window or terminal was there to type it. It was ended.",
  });
});

test("a person who is there can type, and is waited for", async () => {
  const { terminal, run, lines, waits } = newTerminal();
  using _person = terminal.attend();
  const running = run([
    "sh",
    "-c",
    "printf 'Name: '; read -r name; printf 'Age: '; read -r age; echo $name $age",
  ]);
  await eventually(() => expect(waits.at(-1)).toMatchObject({ prompt: "Name:" }));
  await terminal.type(Buffer.from("Ada\r"));
  await eventually(() => expect(waits.at(-1)).toMatchObject({ prompt: "Age:" }));
  await terminal.type(Buffer.from("36\r"));
  await running;
  expect(lines.at(-1)).toBe("Ada 36");
  expect(waits.at(-1)).toBeUndefined();
});

test("what is typed shows in the line that is not ended yet, unless the command has its terminal hide it", async () => {
  const { terminal, run, lines, unfinished, waits } = newTerminal();
  using _person = terminal.attend();
  const running = run([
    "sh",
    "-c",
    "printf 'Name: '; read -r name; stty -echo; printf 'Password: '; read -r word; echo; echo $name $word",
  ]);
  await eventually(() => expect(waits.at(-1)).toMatchObject({ prompt: "Name:" }));
  await terminal.type(Buffer.from("Adx\x7fa"));
  await eventually(() => expect(unfinished.at(-1)).toBe("Name: Ada"));
  await terminal.type(Buffer.from("\r"));
  await eventually(() => expect(waits.at(-1)).toMatchObject({ prompt: "Password:" }));
  await terminal.type(Buffer.from("36\r"));
  await running;
  expect(lines).toEqual(["Name: Ada", "Password: ", "Ada 36"]);
  expect(unfinished.filter((line) => line.startsWith("Password: 3"))).toEqual([]);
  expect(unfinished.at(-1)).toBe("");
});

test("a command that only does nothing for long may wait for input, and is left alone", async () => {
  const { run, waits } = newTerminal();
  await run(["sleep", "2"]);
  expect(waits).toEqual([expect.objectContaining({ command: "sleep 2", isCertain: false }), undefined]);
});

test("a command that works, or that another process of its own works for, does not wait for input", async () => {
  const { run, waits } = newTerminal();
  await run(["bash", "-c", "SECONDS=0; until ((SECONDS > 2)); do :; done"]);
  expect(waits).toEqual([]);
});

/** A command whose processes ignore SIGTERM, in its session and in others; it prints their ids. */
const deaf = "trap '' TERM; setsid sleep 601 & apart=$!; sleep 602 & echo ids $$ $apart $!; wait";

test("an abort ends a command with all its processes, also those that ignore SIGTERM or left its session", async () => {
  const { run, stop, lines } = newTerminal();
  const running = run(["bash", "-c", deaf]);
  const [, ...ids] = await eventually(() => {
    expect(lines.at(-1)).toMatch(/^ids( \d+){3}/);
    return lines.at(-1)?.split(" ") ?? [];
  });
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted", message: "bash was interrupted" });
  await eventually(() => expect(ids.filter((id) => existsSync(`/proc/${id}`))).toEqual([]));
});

test("an abort lets a command end in order", async () => {
  const { run, stop, lines } = newTerminal();
  const running = run(["bash", "-c", "trap 'echo cleared; exit' TERM; echo started; sleep 600 & wait"]);
  await eventually(() => expect(lines).toContain("started"));
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
  expect(lines.at(-1)).toBe("cleared");
});
