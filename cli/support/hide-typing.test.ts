import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { spawn } from "node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { environment, program } from "./test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

const machine = resolve(import.meta.dirname, "../../images/microcore/machine.json");
const interrupt = "\x03";
const suspend = "\x1a";
/** The exit status of a command that Ctrl-Z has suspended. */
const suspended = 148;

const rebuild = `sh -c 'echo $$ >pid; exec "$0" rebuild setup --recipe .' "$0"`;

/** A job of a shell that, unlike bash, never repairs the terminal, and that continues the job when it is suspended. */
const foregroundJob = `
stty -g >before
${rebuild}
status=$?
if [ $status = ${suspended} ]; then
  stty -g >suspended
  fg
  status=$?
fi
echo $status >status
stty -g >after`;

/** A job that is brought to the foreground when the script runs, by a shell that sends no SIGCONT then. */
const backgroundJob = `
${rebuild} &
until [ -e started ]; do sleep 0.1; done
fg
echo >after`;

/** Runs in a terminal a build that fails once a script on this host has ended. */
async function buildInTerminal(script: string, [shell, job] = ["sh", foregroundJob]) {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  writeFileSync(join(home, "script"), `#!/bin/sh\n${script}\nexit 1\n`, { mode: 0o755 });
  writeFileSync(join(home, "recipe.yaml"), "iso: {build: [./script], inputs: []}\n");
  copyFileSync(machine, join(home, "machine.json"));
  const terminal = spawn(shell, ["-mc", job, program], {
    // So wide that no line is wrapped.
    cols: 500,
    cwd: home,
    env: environment(home),
  });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  onTestFinished(async () => {
    if (!has("after")) terminal.kill("SIGKILL");
    await ended;
    rmSync(home, { recursive: true });
  });
  const has = (name: string) => existsSync(join(home, name));
  const read = (name: string) => readFileSync(join(home, name), "utf8").trim();
  const until = (text: string) => eventually(() => expect(shown).toContain(text), { timeout: 30_000 });
  const modes = () => execFileSync("stty", ["-a", "-F", `/proc/${read("pid")}/fd/0`], { encoding: "utf8" });
  return { type: (text: string) => terminal.write(text), ended, has, read, until, modes, shown: () => shown };
}

test("a password for a command on this host is not shown, though it is typed before the command waits for it", async () => {
  const { type, ended, read, until, shown } = await buildInTerminal(
    "echo ready; stty -echo; printf 'Password: '; read -r word; [ $word = s3cret ] && echo accepted",
  );
  await until("ready");
  type("s3cret\r");
  await until("accepted");
  await ended;
  expect(shown()).not.toContain("s3cret");
  expect(read("after")).toBe(read("before"));
});

test("an answer is shown by the command's terminal alone, in the line of the question, and can be corrected", async () => {
  const { type, ended, read, until, shown } = await buildInTerminal(
    "printf 'Name: '; read -r name; echo hello $name",
  );
  await until("waits for input: Name:");
  type("Ada Lx");
  await until("  Name: Ada Lx");
  type("\x7fovelace\r");
  await until("  hello Ada Lovelace");
  await ended;
  expect(shown()).toContain("  Name: Ada Lovelace\r\n");
  expect(shown()).not.toMatch(/(?<!Name: |hello )Ada L/);
  expect(read("after")).toBe(read("before"));
});

test("Ctrl-D ends the input of the command, and of nothing else", async () => {
  const { type, ended, until } = await buildInTerminal(
    "printf 'First: '; read -r word || echo none; printf 'Second: '; read -r word; echo got $word",
  );
  await until("waits for input: First:");
  type("\x04");
  await until("waits for input: Second:");
  type("more\r");
  await until("got more");
  await ended;
});

test("Ctrl-C stops the build while a command waits for input, and the terminal is as it was", async () => {
  const { type, ended, read, until } = await buildInTerminal("printf 'Name: '; read -r name");
  await until("waits for input: Name:");
  type(interrupt);
  await until("was interrupted");
  await ended;
  expect(read("status")).toBe("130");
  expect(read("after")).toBe(read("before"));
});

test("more of them force that, and the terminal is as it was", async () => {
  const { type, ended, has, read, until } = await buildInTerminal(
    "trap '' TERM; echo ready; while :; do sleep 100; done",
  );
  await until("ready");
  const pressUntilItEnds = () => {
    type(interrupt);
    expect(has("after")).toBe(true);
  };
  await eventually(pressUntilItEnds, { interval: 500 });
  await ended;
  expect(read("status")).toBe("130");
  expect(read("after")).toBe(read("before"));
});

test("SIGTERM ends the build, and the terminal is as it was", async () => {
  const { ended, read, until } = await buildInTerminal("stty -echo; printf 'Password: '; read -r word");
  await until("waits for input: Password:");
  process.kill(Number(read("pid")), "SIGTERM");
  await ended;
  expect(read("status")).toBe("143");
  expect(read("after")).toBe(read("before"));
});

test("Ctrl-Z suspends the build and gives the terminal back; continued, it hides again what is typed", async () => {
  const { type, ended, has, read, until, modes, shown } = await buildInTerminal(
    "stty -echo; printf 'Password: '; read -r word; [ $word = s3cret ] && echo accepted",
  );
  await until("waits for input: Password:");
  expect(modes()).toContain("-icanon");
  type(suspend);
  await eventually(() => expect(has("suspended")).toBe(true));
  await eventually(() => expect(modes()).toContain("-icanon"));
  type("s3cret\r");
  await until("accepted");
  await ended;
  expect(shown()).not.toContain("s3cret");
  expect(read("suspended")).toBe(read("before"));
  expect(read("after")).toBe(read("before"));
});

test("a build that comes from the background hides what is typed, too", async () => {
  const { type, ended, until, modes, shown } = await buildInTerminal(
    ": >started; stty -echo; printf 'Password: '; read -r word; [ $word = s3cret ] && echo accepted",
    ["bash", backgroundJob],
  );
  await until("waits for input: Password:");
  await eventually(() => expect(modes()).toContain("-icanon"));
  type("s3cret\r");
  await until("accepted");
  await ended;
  expect(shown()).not.toContain("s3cret");
});
