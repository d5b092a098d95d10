import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { letTimePass } from "../let-time-pass.ts";
import { openShell } from "./shell.ts";
import { setStage } from "./stage.ts";

// The guest tools as a program: what they take of their host, and from their configuration.

async function set(options: Parameters<typeof setStage>[0]) {
  const stage = await setStage(options);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return stage;
}

test("guest tools that wait for actions take little memory, and no processor time", async () => {
  const stage = await set({});
  await eventually(() => expect(stage.results).toEqual(["success"]));
  await stage.service().actions.listFolder(stage.folder);
  const status = readFileSync(`/proc/${stage.tools.pid}/status`, "utf8");
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  expect(Number(kilobytes)).toBeLessThan(24 * 1024);
  const before = processorTicks(stage.tools.pid);
  await letTimePass(2000);
  // A tick is 10 ms.
  expect(processorTicks(stage.tools.pid) - before).toBeLessThanOrEqual(2);
});

/** The processor time that a process has used: see proc(5), /proc/PID/stat, utime and stime. */
function processorTicks(pid = 0): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

test.each([
  ["exit 7", { result: "failed", exit: { status: 7 } }],
  ["kill -9 $$", { result: "failed", exit: { status: 137, signal: 9 } }],
  [":", { result: "success", exit: { status: 0 } }],
])("the exit status of the task %s arrives", async (script, outcome) => {
  const stage = await set({ script });
  await eventually(() => expect(stage.outcomes).toEqual([outcome]));
});

test("a task without a terminal has its lines as they are, no input, and its late output", async () => {
  const stage = await set({ script: "cat; tty; (sleep 1; echo late) & echo early", tty: false });
  await eventually(() => expect(stage.results).toEqual(["success"]));
  expect(stage.logged()).toBe("not a tty\nearly\nlate\n");
});

test("the configuration reaches the task and shells: its environment, entry point, shell and folder", async () => {
  const config = `
    entrypoint: [env, WRAPPED=yes]
    env: {FROM: configuration, NAME: configured}
    shell: [sh, -c, "echo shell $FROM $PWD $WRAPPED"]
    workdir: /usr`;
  const stage = await set({ config, script: "echo task $FROM $PWD $WRAPPED" });
  await stage.untilLogged("task configuration /usr yes\r\n");
  const shell = await openShell(stage.service().actions, {});
  expect(await shell.ended).toEqual({ success: true });
  expect(shell.stdout()).toBe("shell configuration /usr\n");
});

test.runIf(process.getuid?.() === 0)("the task and shells run as the configured user", async () => {
  const stage = await set({ config: "{user: nobody, workdir: /}", script: "id -un; ls -l $(tty)" });
  await stage.untilLogged("nobody\r\n");
  await eventually(() => expect(stage.results).toEqual(["success"]));
  expect(stage.logged()).toMatch(/^nobody\r\ncrw\S+ \d+ nobody /);
  const shell = await openShell(stage.service().actions, { command: ["id", "-un"] });
  await shell.ended;
  expect(shell.stdout()).toBe("nobody\n");
});
