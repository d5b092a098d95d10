import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { attach } from "../../core/session/client/attach.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { findPaths, type SessionPaths, sessionPaths } from "../../core/storage/paths.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { eventually } from "../eventually.ts";

const project = resolve(import.meta.dirname, "../..");

/** Prepares a build that hangs in its second step, in a command of the host's that ignores SIGTERM. */
function makeHangingBuild({ printedBytes = 0, question = false } = {}) {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const machine = join(project, "images/microcore/machine.json");
  const output = join(home, "new.tar.lz4");
  const script = join(import.meta.dirname, "ends/hanging-build.ts");
  const paths = findPaths({ TINSMITH_HOME: home });
  return {
    home,
    paths,
    args: [script, machine, output, `${printedBytes}`, `${question}`],
    env: { ...process.env, TINSMITH_HOME: home, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" },
    files: (said: string) => sessionPaths(paths, sessionIn(said)),
  };
}

function sessionIn(said: string): string {
  const [, session = ""] = /"session":"([^"]+)"/.exec(said) ?? [];
  return session;
}

/** Starts such a build, whose stdout nobody reads. */
async function startHangingBuild(options: { readonly printedBytes?: number } = {}) {
  const { paths, args, env, files } = makeHangingBuild(options);
  const child = execa(process.execPath, args, {
    env,
    reject: false,
    stdin: "ignore",
    buffer: { stdout: false },
  });
  child.stdout.pause();
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (bytes) => {
    said += bytes;
  });
  const heard = (text: string | RegExp) => eventually(() => expect(said).toMatch(text), { timeout: 60_000 });
  await heard(/deaf \d+/);
  const [, deaf = ""] = /deaf (\d+)/.exec(said) ?? [];
  return { child, heard, session: sessionIn(said), paths, files: files(said), deaf };
}

function eventsOf(files: SessionPaths): readonly SessionEvent[] {
  const lines = readFileSync(files.events, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

function expectOrderlyEnd(files: SessionPaths, message: string): void {
  const failed = { type: "build-failed", error: { code: "interrupted", message }, reusable: ["data-cd"] };
  expect(eventsOf(files).at(-1)).toMatchObject(failed);
  expect(existsSync(join(files.keptWork, "data-cd.iso"))).toBe(true);
  for (const path of [files.working, files.socketFolder]) expect(existsSync(path)).toBe(false);
}

test("a second signal only says what is still being shut down; a third one ends the build at once, its end on record", {
  timeout: 120_000,
}, async () => {
  const { child, heard, files, deaf } = await startHangingBuild();
  child.kill("SIGTERM");
  await heard("aborted");
  child.kill("SIGTERM");
  await heard(
    /note: Still shutting down: .*the build, the session's files\. Press Ctrl-C again to force it\./,
  );
  expect(eventsOf(files).at(-1)).toMatchObject({ type: "output" });
  child.kill("SIGTERM");
  expect(await child).toMatchObject({ exitCode: 143 });
  expectOrderlyEnd(files, "stopped by force");
  await eventually(() => expect(existsSync(`/proc/${deaf}`)).toBe(false));
});

test("a session is stopped by its own socket: once or twice is the same, and by force it ends at once", {
  timeout: 120_000,
}, async () => {
  const { child, heard, paths, session, files } = await startHangingBuild();
  await stopSession(paths, session);
  await heard("aborted");
  for (let clicks = 0; clicks < 3; clicks += 1) await stopSession(paths, session);
  using attached = await attach(paths, session);
  expect(await attached.api.session.describe()).toMatchObject({ id: session });
  await stopSession(paths, session, true);
  expect(await child).toMatchObject({ exitCode: 143 });
  expectOrderlyEnd(files, "stopped by force");
});

test("one Ctrl-C is enough, though nobody takes what was printed", { timeout: 120_000 }, async () => {
  const { child, files } = await startHangingBuild({ printedBytes: 3_000_000 });
  child.kill("SIGINT");
  expect(await child).toMatchObject({ exitCode: 130 });
  expectOrderlyEnd(files, "sh was interrupted");
});

test("a killed build leaves no command of the host's behind", { timeout: 120_000 }, async () => {
  const { child, deaf } = await startHangingBuild();
  child.kill("SIGKILL");
  await child;
  await eventually(() => expect(existsSync(`/proc/${deaf}`)).toBe(false));
});

test("a person at the terminal answers a command that waits for input, and a closed terminal ends the build in order", {
  timeout: 120_000,
}, async () => {
  const { home, files, args, env } = makeHangingBuild({ question: true });
  const { spawn } = await import("node-pty");
  const terminal = spawn(process.execPath, args, { cols: 200, rows: 40, cwd: home, env });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  await eventually(() => expect(shown).toContain('"prompt":"Name:"'), { timeout: 60_000 });
  terminal.write("Ada\r");
  await eventually(() => expect(shown).toContain("hello Ada"));
  await eventually(() => expect(shown).toMatch(/deaf \d+/));
  terminal.kill("SIGHUP");
  await eventually(() => expectOrderlyEnd(files(shown), "sh was interrupted"), { timeout: 60_000 });
});
