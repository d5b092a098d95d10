import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { besideOtherSessions, endProcessesOf, markProcessesOf } from "./own-processes.ts";
import { environmentOf, runCommand } from "./run-command.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts a program that runs until it is killed, and waits until it is what runs. */
async function start(program: string, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  await eventually(() => expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toContain(program));
  return child;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

test("what a session has started is ended; what looks at its files, or is another session's, is not", async () => {
  const folder = newFolder();
  const log = join(folder, "serial.log");
  writeFileSync(log, "");
  const reader = await start("tail", "-f", log);
  const own = await (async () => {
    using _mark = markProcessesOf(folder);
    return await start("sleep", "1000");
  })();
  const others = await (async () => {
    using _mark = markProcessesOf(`${folder}2`);
    return await start("sleep", "1000");
  })();
  const ownEnded = once(own, "exit");
  expect(endProcessesOf(folder)).toEqual([own.pid]);
  expect(await ownEnded).toEqual([null, "SIGKILL"]);
  expect(isRunning(reader)).toBe(true);
  expect(isRunning(others)).toBe(true);
});

test("what a session's command has started in turn is the session's own, too", async () => {
  const folder = newFolder();
  using _mark = markProcessesOf(folder);
  const [orphan] = (await runCommand(["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"])).split(
    "\n",
  );
  await eventually(() => expect(readFileSync(`/proc/${orphan}/cmdline`, "utf8")).toContain("sleep"));
  expect(endProcessesOf(folder)).toEqual([Number(orphan)]);
});

test("a process that has just ended is passed over", async () => {
  const folder = newFolder();
  using _mark = markProcessesOf(folder);
  const child = await start("sleep", "1000");
  const ended = once(child, "exit");
  // The second look may find what the first one has killed, as long as the kernel shows it.
  expect(endProcessesOf(folder)).toEqual([child.pid]);
  endProcessesOf(folder);
  await ended;
  expect(endProcessesOf(folder)).toEqual([]);
});

test("a command that inherits few variables has the mark of its session all the same", () => {
  using _mark = markProcessesOf("/a/session");
  expect(environmentOf({ inherit: /^NOTHING$/ })).toEqual({ TINSMITH_SESSION_FOLDER: "/a/session" });
});

test("works at the same time start the processes of their own sessions", async () => {
  const folders = [newFolder(), newFolder()] as const;
  using _mark = markProcessesOf("/a/watch");
  const bothMarked = Promise.withResolvers<void>();
  const begin = (folder: string) =>
    besideOtherSessions(async () => {
      const mark = markProcessesOf(folder);
      if (folder === folders[1]) bothMarked.resolve();
      await bothMarked.promise;
      const started = environmentOf({}).TINSMITH_SESSION_FOLDER;
      mark[Symbol.dispose]();
      return started;
    });
  expect(await Promise.all(folders.map(begin))).toEqual(folders);
  expect(environmentOf({}).TINSMITH_SESSION_FOLDER).toBe("/a/watch");
});

test("a session within another one's process gives the mark back", () => {
  using _outer = markProcessesOf("/a/watch");
  {
    using _inner = markProcessesOf("/a/run");
    expect(environmentOf({}).TINSMITH_SESSION_FOLDER).toBe("/a/run");
  }
  expect(environmentOf({}).TINSMITH_SESSION_FOLDER).toBe("/a/watch");
});
