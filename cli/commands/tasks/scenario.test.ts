import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome } from "../../../core/session/serve/test-session.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** A home with a scenario `a.yaml`, and a folder. */
function newFolder() {
  const home = resolve(newHome().sessions, "..");
  writeFileSync(join(home, "a.yaml"), "name: A\ncommand: [ls]\nexpect: [{result: success}]\n");
  mkdirSync(join(home, "folder"));
  return home;
}

test("an interrupted run is an error in the results, in each form", async () => {
  const home = newFolder();
  // A shell's parent is the command.
  const tools = [
    "--guest-tools",
    "[ -e second ] && kill -INT $PPID && exec sleep 10 >/dev/null 2>&1; touch second",
  ];
  const { stdout, stderr, exitStatus } = await tinsmith(home, [
    ...["scenario", "a.yaml", "--json", "--repeat", "5", "--seed", "1", "--junit", "new/results.xml"],
    ...tools,
  ]);
  expect(exitStatus, stderr).toBe(130);
  const lines = stdout.toString().trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { type: "scenario-result", seed: 1, passed: false },
    { type: "scenario-error", file: "a.yaml", name: "A", seed: 2, error: { code: "interrupted" } },
  ]);
  const { session } = JSON.parse(lines[0] ?? "");
  const sessions = readdirSync(join(home, "sessions")).filter((name) => /^\d/.test(name) && name !== session);
  const events = readFileSync(join(home, "sessions", sessions[0] ?? "", "events.jsonl"), "utf8");
  // The window shows the place of each run.
  expect(events).toContain(`"series":{"names":["A","A","A","A","A"],"earlier":[{"session":"${session}"`);
  const report = readFileSync(join(home, "new/results.xml"), "utf8");
  expect(report).toContain('<testsuites tests="2" failures="1" errors="1"');
  expect(report).toContain('<error message="interrupted" type="interrupted">');
});

test.each([
  ["folder", "is a folder, not a file"],
  ["a.yaml", "it is one of the scenarios"],
  ["a.yaml/results.xml", "its path leads through a file"],
  ["/proc/results.xml", "/proc/"],
  ["/dev/stdout", "is a socket, not a file"],
])("--junit %s is refused before the first run", async (file, reason) => {
  const home = newFolder();
  const { stderr, stdout, exitStatus } = await tinsmith(home, [
    ...["scenario", "a.yaml", "--junit", file, "--guest-tools", "touch has-run"],
  ]);
  expect(stderr).toContain(`error: the results can't be written to ${file}: `);
  expect(stderr).toContain(reason);
  expect(stdout.toString()).toBe("");
  expect([2, 5]).toContain(exitStatus);
  expect(() => readFileSync(join(home, "has-run"))).toThrow("ENOENT");
});
