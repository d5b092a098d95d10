import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { fetchFromLoopback } from "../../tests/fetch-from-loopback.ts";
import { environment, program, startMeta, startTinsmith, tinsmith } from "../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host; the first one may build the window.
vi.setConfig({ testTimeout: 120_000 });

/** A session that runs, beside which the window is served. */
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
  await until("#token=");
  return {
    type: (text: string) => terminal.write(text),
    until,
    status,
    shown: () => shown,
    processId: terminal.pid,
  };
}

/** The links among what a command printed. */
const linksIn = (text: string) => text.match(/http:\/\/[0-9a-f]{20}\.localhost:\d+\/#token=[\w-]{32}/g) ?? [];

/** Exchanges a link's token as the page does. @returns the HTTP status */
async function open(link: string): Promise<number> {
  const { origin, hash } = new URL(link);
  const { status } = await fetchFromLoopback(`${origin}/access`, {
    method: "POST",
    headers: { Origin: origin, "Content-Type": "application/json" },
    body: JSON.stringify({ token: hash.slice("#token=".length) }),
  });
  return status;
}

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
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
  await serve.until("They continue.");
  expect(await serve.status).toBe(0);
  expect(await sessionsIn(home)).toContain(id);
});

test("a Ctrl-D ends what it reads and not itself, which it says; then it asks nothing at its end", async () => {
  const { home, id } = await startSession();
  const serve = await serveInTerminal(home);
  serve.type("\u0004");
  // A Ctrl-C that it saw first would have it ask.
  await serve.until(
    "tinsmith serve no longer reads this terminal, since Ctrl-D ended its input. " +
      "Run tinsmith serve --link for a new link, and press Ctrl-C to stop tinsmith serve.",
  );
  process.kill(serve.processId, "SIGCONT");
  serve.type(interrupt);
  await serve.until("They continue.");
  expect(await serve.status).toBe(0);
  expect(serve.shown()).not.toContain("Stop them?");
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
  expect(said).toContain("They continue.");
  expect(await sessionsIn(home)).toContain(id);
});

test("a port that is taken, or is none, is said", async () => {
  const { home } = await startSession();
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const port = String(Object(other.address()).port);
  const taken = await tinsmith(home, ["serve", "--port", port]);
  expect(taken.stderr).toContain(`error: port ${port} is already in use`);
  const none = await tinsmith(home, ["serve", "--port", ""]);
  expect(none.stderr).toContain("It must be a port from 0 to 65535.");
  expect(none.exitStatus).toBe(2);
});

test("a link works once; Enter in the terminal gives a new one, and so does --link, as long as serve runs", async () => {
  const home = newHome();
  const serve = await serveInTerminal(home, "--keep");
  const [first = ""] = linksIn(serve.shown());
  expect(await open(first)).toBe(200);
  expect(await open(first)).toBe(403);
  serve.type("\r");
  const second = await eventually(() => linksIn(serve.shown())[1] ?? expect.fail(serve.shown()));
  expect(await open(second)).toBe(200);
  const third = linksIn((await tinsmith(home, ["serve", "--link"])).stdout.toString());
  expect(await Promise.all(third.map(open))).toEqual([200]);
  const other = await tinsmith(home, ["serve", "--link", "--port", "1"]);
  expect(other.stderr).toContain("no tinsmith serve of this user answers on port 1");
  serve.type(interrupt);
  expect(await serve.status).toBe(0);
  const none = await tinsmith(home, ["serve", "--link"]);
  expect(none.stderr).toContain("no tinsmith serve of this user answers");
  expect(none.exitStatus).toBe(2);
  expect(readdirSync(join(home, "run"))).toEqual([]);
});

test("the next start clears what a killed serve left, says so, and leaves what another one serves", async () => {
  const home = newHome();
  const killed = await serveInTerminal(home);
  const running = await serveInTerminal(home, "--keep");
  const [link = ""] = linksIn(killed.shown());
  const [socket, page] = ["sock", "html"].map((end) =>
    join(home, "run", `serve-${new URL(link).port}.${end}`),
  );
  writeFileSync(page ?? "", "a page that --open made");
  process.kill(killed.processId, "SIGKILL");
  await killed.status;
  const next = await serveInTerminal(home, "--keep");
  for (const path of [socket, page])
    expect(next.shown()).toContain(`note: Deleted what a killed process left: ${path}.`);
  expect(readdirSync(join(home, "run"))).toHaveLength(2);
  for (const serve of [running, next]) {
    serve.type(interrupt);
    expect(await serve.status).toBe(0);
  }
});

test("what a killed serve left answers nothing, and the next one at its port is asked", async () => {
  const home = newHome();
  const serve = await serveInTerminal(home);
  const [link = ""] = linksIn(serve.shown());
  const { port } = new URL(link);
  process.kill(serve.processId, "SIGKILL");
  await serve.status;
  expect((await tinsmith(home, ["serve", "--link"])).exitStatus).toBe(2);
  const next = await serveInTerminal(home, "--port", port, "--keep");
  expect(linksIn((await tinsmith(home, ["serve", "--link"])).stdout.toString())).toHaveLength(1);
  next.type(interrupt);
  expect(await next.status).toBe(0);
});

test("--open gives the browser a file of this user's own, and no process a token in its arguments", async () => {
  const home = newHome();
  const opened = join(home, "opened");
  writeFileSync(join(home, "xdg-open"), `#!/bin/sh\nprintf %s "$*" >${opened}\n`, { mode: 0o755 });
  const serve = startTinsmith(home, ["serve", "--open"], { PATH: `${home}:${process.env.PATH}` });
  const address = await eventually(
    () => {
      const text = readFileSync(opened, "utf8");
      expect(text).toMatch(/^file:\/\/.*\.html$/);
      return text;
    },
    { timeout: 60_000 },
  );
  const file = fileURLToPath(address);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const [, token = ""] = /name="token" value="([\w-]{32})"/.exec(readFileSync(file, "utf8")) ?? [];
  const [, action = ""] =
    /action="(http:\/\/[0-9a-f]{20}\.localhost:\d+\/)"/.exec(readFileSync(file, "utf8")) ?? [];
  expect(await open(`${action}#token=${token}`)).toBe(200);
  expect(existsSync(file)).toBe(false);
  serve.kill("SIGTERM");
  await once(serve, "close");
});

test("--open says so when no browser opens, with a link to open", async () => {
  const home = newHome();
  writeFileSync(join(home, "xdg-open"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const serve = startTinsmith(home, ["serve", "--open"], { PATH: `${home}:${process.env.PATH}` });
  let said = "";
  serve.stderr.on("data", (bytes) => {
    said += bytes;
  });
  await eventually(
    () => expect(said).toMatch(/No browser could be opened: .* Open this link: http:\/\/\S+#token=/),
    { timeout: 60_000 },
  );
  serve.kill("SIGTERM");
  await once(serve, "close");
});

test("an unexpected error leaves a report and ends nothing; the next start offers the report, to be exported", async () => {
  const { home } = await startSession();
  const failOnSignal = `process.on("SIGUSR2", () => { throw new Error("boom"); });`;
  const serve = startTinsmith(home, ["serve", "--keep"], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(failOnSignal)}`,
  });
  let said = "";
  serve.stderr.on("data", (bytes) => {
    said += bytes;
  });
  await once(serve.stdout, "data");
  serve.kill("SIGUSR2");
  await eventually(() => expect(said).toMatch(/tinsmith sessions export crash-/));
  const [, id = ""] = /tinsmith sessions export (crash-[\w-]+)/.exec(said) ?? [];
  const link = await tinsmith(home, ["serve", "--link"]);
  expect(`${link.stdout}`).toContain("#token=");
  serve.kill("SIGINT");
  expect(await once(serve, "close")).toEqual([0, null]);

  const next = await serveInTerminal(home, "--keep");
  await next.until("tinsmith serve had an unexpected error on ");
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
