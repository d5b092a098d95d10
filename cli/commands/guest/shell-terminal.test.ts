import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { type GuestScript, startTestGuest } from "../../support/test-guest.ts";
import { environment, program, startMeta } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 30_000 });

/** A shell that prints the size of its terminal, whenever it changes, and its input, in hexadecimal; q ends it. */
const playShell: GuestScript["shell"] = async ({ action, sizes, input, print }) => {
  await print(`tty=${action.tty}\nnext line\r\n`);
  const follow = async () => {
    for (;;) await print(`size ${(await sizes.next()).value}\r\n`);
  };
  void follow();
  for await (const bytes of input) {
    const text = Buffer.from(bytes).toString("hex");
    await print(`typed ${text}\r\n`);
    if (text.endsWith("71")) return true;
  }
  return false;
};

/** Runs `tinsmith shell` in a terminal, beside files that tell how the terminal was before and after, and how it ended. */
async function openTerminal() {
  const meta = await startMeta("--keep-alive");
  const shellEnded = Promise.withResolvers<void>();
  const shell: GuestScript["shell"] = (end) => playShell(end).finally(shellEnded.resolve);
  const guest = startTestGuest({ socketPath: meta.socketPath }, { files: {}, shell });
  const wrapper = `stty -g >before; sh -c 'echo $$ >pid; exec "$0" shell' "$0"; echo $? >status; stty -g >after`;
  const terminal = spawn("sh", ["-c", wrapper, program], {
    cols: 100,
    rows: 30,
    cwd: meta.home,
    env: environment(meta.home),
  });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  onTestFinished(async () => {
    if (!existsSync(join(meta.home, "after"))) terminal.kill("SIGKILL");
    await guest[Symbol.asyncDispose]();
    await meta[Symbol.asyncDispose]();
  });
  const read = (name: string) => readFileSync(join(meta.home, name), "utf8").trim();
  const until = (text: string) => eventually(() => expect(shown).toContain(text), { interval: 10 });
  await until("next line");
  return { terminal, meta, ended, shellEnded: shellEnded.promise, read, until, shown: () => shown };
}

test("keys reach the guest one by one, output comes unchanged, and the terminal is as it was afterwards", async () => {
  const { terminal, ended, read, until, shown } = await openTerminal();
  await until("tty=true\nnext line\r\n");
  await until("size 100x30");
  terminal.write("\u0003");
  await until("typed 03");
  terminal.write("\r");
  await until("typed 0d");
  terminal.resize(132, 43);
  await until("size 132x43");
  terminal.write("q");
  await ended;
  expect(shown()).not.toContain("^C");
  expect(read("status")).toBe("0");
  expect(read("after")).toBe(read("before"));
});

test("~. leaves, and the terminal is as it was", async () => {
  const { terminal, ended, read, until } = await openTerminal();
  terminal.write("~.");
  await ended;
  await until("error: left the shell, and killed its command");
  expect(read("status")).toBe("130");
  expect(read("after")).toBe(read("before"));
});

test.each([
  ["SIGTERM", "143"],
  ["SIGINT", "130"],
])("%s ends it, and the terminal is as it was", async (signal, status) => {
  const { ended, read } = await openTerminal();
  process.kill(Number(read("pid")), signal);
  await ended;
  expect(read("status")).toBe(status);
  expect(read("after")).toBe(read("before"));
});

test("when the session ends, the terminal is as it was", async () => {
  const { meta, ended, read, until } = await openTerminal();
  await meta.interrupt();
  await ended;
  await until("error: ");
  expect(read("after")).toBe(read("before"));
});

test("a terminal that is gone ends the shell", async () => {
  const { terminal, shellEnded } = await openTerminal();
  terminal.kill("SIGHUP");
  await shellEnded;
});
