import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { runOnTerminal } from "../session/host-terminal/terminal-command.ts";
import { createProcessTree } from "./process-tree.ts";
import { commandIn, runCommand } from "./run-command.ts";

test("a command's stdout is returned", async () => {
  expect(await runCommand(["sh", "-c", "echo out; echo err >&2; echo again"])).toBe("out\nagain");
});

test("a command that fails is told with its arguments and last lines", async () => {
  await expect(runCommand(["sh", "-c", "echo why >&2; exit 3"])).rejects.toMatchObject({
    code: "command-failed",
    message: "sh failed with exit status 3",
    details: ["command: sh -c echo why >&2; exit 3", "why"],
  });
});

test("a missing program is told with the Debian package that brings it", async () => {
  await expect(runCommand(["xorriso"], { env: { PATH: "/nowhere" } })).rejects.toMatchObject({
    code: "missing-tool",
    advice: "Install it: on Debian, apt-get install xorriso.",
  });
});

test("a command whose folder is gone says so, on a terminal too", async () => {
  const cwd = join(tmpdir(), "no-such-folder");
  const refusal = { code: "missing-file", message: `${cwd} does not exist` };
  await expect(runCommand(["true"], { cwd })).rejects.toMatchObject(refusal);
  const unused = () => {};
  const attendance = { isAttended: () => false, onWaiting: unused };
  const terminal = { cwd, ...attendance, write: unused, onLine: unused, onStart: unused };
  await expect(runOnTerminal(["true"], terminal)).rejects.toMatchObject(refusal);
});

test("an aborted command is ended", async () => {
  const controller = new AbortController();
  const running = runCommand(["sleep", "60"], { signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
});

test("an aborted command that ignores SIGTERM is killed with its children, whoever else keeps its pipe open", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ids = join(folder, "ids");
  // The middle one has ended, so that the last one is nobody's child.
  const script = `trap "" TERM; sleep 1000 & own=$!; other=$(setsid sh -c 'sleep 1000 >&3 & echo $!'); echo $own $other >${ids}; wait`;
  const controller = new AbortController();
  const running = runCommand(["bash", "-c", `exec 3>&1; ${script}`], { signal: controller.signal });
  const [own = 0, other = 0] = await eventually(() => {
    const text = readFileSync(ids, "utf8");
    expect(text).toMatch(/^\d+ \d+\n$/);
    return text.split(" ").map(Number);
  });
  onTestFinished(() => void process.kill(other, "SIGKILL"));
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
  await eventually(() => expect(createProcessTree(own).running()).toEqual([]));
  expect(createProcessTree(other).running()).toHaveLength(1);
});

test("a program with a slash in its name is a file of the folder", () => {
  expect(commandIn("/set", ["./build.sh", "a/b"])).toEqual(["/set/build.sh", "a/b"]);
  expect(commandIn("/set", ["make", "x"])).toEqual(["make", "x"]);
});

test("a file that is no program, and a folder, are told from a program that is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "build.sh");
  writeFileSync(file, "true");
  const error = {
    code: "no-permission",
    message: `this user may not run ${file}`,
    advice: expect.stringContaining("chmod +x"),
  };
  await expect(runCommand([file])).rejects.toMatchObject(error);
  const nothing = () => {};
  const printed = {
    write: nothing,
    onLine: nothing,
    onStart: nothing,
    onWaiting: nothing,
    isAttended: () => false,
  };
  await expect(runOnTerminal([file], printed)).rejects.toMatchObject(error);
});
