import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { spawn } from "node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../tests/eventually.ts";
import { environment, program, startMeta, startTinsmith, tinsmith } from "./test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host; the first one may build the UI.
vi.setConfig({ testTimeout: 120_000 });

/** A session that runs, beside which the UI is served. */
async function startSession() {
  const meta = await startMeta();
  onTestFinished(() => meta[Symbol.asyncDispose]());
  return meta;
}

/** Runs `tinsmith serve` in a terminal until it has said its address. */
async function serveInTerminal(home: string, ...args: readonly string[]) {
  const terminal = spawn(program, ["serve", ...args], { cwd: home, env: environment(home) });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  const status = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const until = (text: string) => eventually(() => expect(shown).toContain(text), { timeout: 60_000 });
  await until("?token=");
  return { type: (text: string) => terminal.write(text), until, status, shown: () => shown };
}

const interrupt = "\x03";
const sessionsIn = async (home: string) => (await tinsmith(home, ["sessions"])).stdout.toString();

test("when it ends it asks about what still runs, and stops that when it is told to", async () => {
  const { home, id, outcome } = await startSession();
  const serve = await serveInTerminal(home);
  serve.type(interrupt);
  await serve.until("Stop them? [y/N] ");
  expect(serve.shown()).toContain(id);
  serve.type("y\r");
  expect(await serve.status).toBe(0);
  expect((await outcome).exitStatus).toBe(143);
});

test("what still runs goes on when the answer is no, and is there again the next time", async () => {
  const { home, id } = await startSession();
  const serve = await serveInTerminal(home);
  serve.type(interrupt);
  await serve.until("Stop them? [y/N] ");
  serve.type("\r");
  await serve.until("They go on.");
  expect(await serve.status).toBe(0);
  expect(await sessionsIn(home)).toContain(id);
});

test("with --keep it asks nothing", async () => {
  const { home, id } = await startSession();
  const serve = await serveInTerminal(home, "--keep");
  serve.type(interrupt);
  expect(await serve.status).toBe(0);
  expect(serve.shown()).not.toContain("Stop them?");
  expect(await sessionsIn(home)).toContain(id);
});

test("without a terminal to ask on, what still runs goes on, and that is said", async () => {
  const { home, id } = await startSession();
  const serve = startTinsmith(home, ["serve"]);
  let said = "";
  serve.stderr.on("data", (bytes) => {
    said += bytes;
  });
  await once(serve.stdout, "data");
  serve.kill("SIGTERM");
  await once(serve, "close");
  expect(said).toContain(id);
  expect(said).toContain("They go on.");
  expect(await sessionsIn(home)).toContain(id);
});

test("a port that is taken, or is none, is said", async () => {
  const { home } = await startSession();
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const port = String(Object(other.address()).port);
  const taken = await tinsmith(home, ["serve", "--port", port]);
  expect(taken.stderr).toContain(`error: port ${port} is in use already`);
  const none = await tinsmith(home, ["serve", "--port", "http"]);
  expect(none.stderr).toContain("It must be a whole number of a port from 0 to 65535.");
  expect(none.exitStatus).toBe(2);
});

test("a crash leaves a report, which the next start offers, and which can be exported", async () => {
  const { home } = await startSession();
  const crashOnSignal = `process.on("SIGUSR2", () => { throw new Error("boom"); });`;
  const serve = startTinsmith(home, ["serve"], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crashOnSignal)}`,
  });
  let said = "";
  serve.stderr.on("data", (bytes) => {
    said += bytes;
  });
  await once(serve.stdout, "data");
  serve.kill("SIGUSR2");
  expect(await once(serve, "close")).toEqual([1, null]);
  expect(said).toContain("Error: boom");
  const [, id = ""] = /tinsmith sessions export (crash-[\w-]+)/.exec(said) ?? [];

  const next = await serveInTerminal(home, "--keep");
  await next.until("tinsmith serve ended unexpectedly on ");
  expect(next.shown().replaceAll(/\s+/g, " ")).toContain(`tinsmith sessions export ${id}`);
  next.type(interrupt);
  await next.status;

  const exported = await tinsmith(home, ["sessions", "export", id, join(home, "crash.tar.gz")]);
  expect(exported.exitStatus).toBe(0);
  const report = execFileSync("tar", ["-xzOf", join(home, "crash.tar.gz"), `${id}/crash.json`]);
  expect(JSON.parse(String(report))).toMatchObject({
    program: "tinsmith serve",
    error: { message: "Error: boom" },
  });
});
