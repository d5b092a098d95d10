import { once } from "node:events";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { createSessionList } from "../../core/app/sessions/session-list.ts";
import { newHome } from "../../core/session/serve/test-session.ts";
import { environment, program, startTinsmith } from "./test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** Runs a command whose output nobody reads. */
async function runUnread(home: string, ...args: readonly string[]) {
  const child = startTinsmith(home, args);
  child.stdout.destroy();
  child.stdin.end();
  const [stderr, [exitStatus]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { exitStatus, stderr };
}

test("work whose output nobody reads any more is stopped in order, and says so", async () => {
  const paths = newHome();
  const home = resolve(paths.sessions, "..");
  const socket = join(home, "meta.sock");
  const { exitStatus, stderr } = await runUnread(home, "meta", "--socket", socket, "--json", "--", "make");
  expect(stderr).toMatch(/^error: stopped, because nothing reads the output any more\n/);
  expect(stderr).not.toContain("    at ");
  expect(exitStatus).toBe(141);
  expect(await createSessionList(paths)()).toMatchObject([
    { status: "cancelled", error: { message: "stopped, because nothing reads the output any more" } },
  ]);
});

test.each([
  ["sessions", 141],
  // Commander prints it, and exits before its output's end is noticed.
  ["--help", 0],
])("a short command (%s) ends in silence when nobody reads what it prints", async (command, status) => {
  const { exitStatus, stderr } = await runUnread(resolve(newHome().sessions, ".."), command, "--json");
  expect(stderr).toBe("");
  expect(exitStatus).toBe(status);
});

test("output that can't be written is a failure of this host, and not a success", async () => {
  const home = resolve(newHome().sessions, "..");
  const { stderr, exitCode } = await execa("sh", ["-c", '"$0" sessions --json >/dev/full', program], {
    env: environment(home),
    stdin: "ignore",
    reject: false,
  });
  expect(stderr).toMatch(
    /^error: the output can't be written: there is not enough space on the disk\nFree some space on that disk/,
  );
  expect(exitCode).toBe(5);
});
