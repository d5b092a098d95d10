import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parseScenario } from "../../shared/scenario/scenario-file.ts";
import type { ScenarioResult } from "../../shared/scenario/scenario-result.ts";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import { buildFaultyTools, type FaultName, plantedFaults } from "./planted-faults/build-faulty-tools.ts";

// Scenarios with guest tools on this host: the program finds the faults that are planted in them.

const project = resolve(import.meta.dirname, "../..");
const home = mkdtempSync(join(tmpdir(), "ts-"));
afterAll(() => rmSync(home, { recursive: true }));
const scenario = (name: string) => join(project, "tests/fixtures/scenarios", `${name}.yaml`);
const faulty = (name: FaultName) => join(home, name.replaceAll(" ", "-"));

beforeAll(async () => {
  for (const name of Object.keys(plantedFaults))
    await buildFaultyTools(name as FaultName, faulty(name as FaultName));
}, 120_000);

/** Runs scenarios with guest tools. */
async function run(tools: string, ...args: readonly string[]) {
  const command = `${tools} --host $TINSMITH_HOST run`;
  const { exitCode, stdout, stderr } = await execa(
    join(project, "tinsmith"),
    ["scenario", "--guest-tools", command, ...args],
    { cwd: home, env: { TINSMITH_HOME: home }, reject: false, stdin: "ignore" },
  );
  return { exitStatus: exitCode, stdout, stderr };
}

/** The expectations that were not met, the notes, and the findings. */
async function failuresOf(tools: string, ...args: readonly string[]) {
  const { stdout, stderr, exitStatus } = await run(tools, "--json", ...args);
  const results: ScenarioResult[] = stdout.split("\n").map((line) => JSON.parse(line));
  expect(exitStatus).toBe(results.every(({ passed }) => passed) ? 0 : 1);
  const checks = results.flatMap((result) => result.checks).filter(({ passed }) => !passed);
  const notes = stderr.split("\n").filter((line) => line.startsWith("note: "));
  const findings = results.flatMap((result) => result.findings);
  return { expectations: checks.map(({ expectation }) => expectation), notes, findings };
}

test("guest tools without a fault meet all expectations, and the session of each run is kept", async () => {
  const junit = join(home, "results.xml");
  const files = [scenario("reply-retry"), scenario("late-log")];
  const { exitStatus, stdout } = await run(
    inject("guestTools"),
    ...files,
    "--repeat",
    "2",
    "--seed",
    "5",
    "--junit",
    junit,
  );
  expect(stdout).toContain("passed: A listing arrives though its first request was cut (");
  expect(stdout).toContain("4 runs: 4 passed, 0 failed");
  expect(exitStatus).toBe(0);
  const report = readFileSync(junit, "utf8");
  expect(report).toContain('<testsuites tests="4" failures="0"');
  const [, session = "", seed] = /session (\S+), seed (\d+)/.exec(report) ?? [];
  expect(seed).toBe("5");
  const events = readFileSync(join(home, "sessions", session, "events.jsonl"), "utf8");
  expect(events).toContain('"type":"expectation-checked"');
  expect(events).toContain('"type":"run-finished"');
});

test.each<[FaultName, string, string, string]>([
  [
    "reply lost on retry",
    "reply-retry",
    "exactly 0 exchanges of reply with status 400",
    "The guest tools have sent this reply again with 0 bytes.",
  ],
  [
    "log cut at 4 MiB",
    "late-log",
    'the log has "first", and has 25,165,830 bytes',
    "bytes of the 25,165,830 bytes that the task has written.",
  ],
  [
    "exit before the output was sent",
    "late-log",
    "this order: log (complete), then success",
    "The result came before the end of the log",
  ],
])(
  "the planted fault %s is found by a scenario, and told in a note and in the results",
  async (fault, name, expectation, finding) => {
    const junit = join(home, "findings.xml");
    const { expectations, notes, findings } = await failuresOf(
      faulty(fault),
      scenario(name),
      "--junit",
      junit,
    );
    expect(expectations).toContain(expectation);
    expect(notes).toEqual([expect.stringMatching(/^note: Exchange \d+: /)]);
    expect(notes[0]).toContain(finding);
    expect(findings).toEqual([
      {
        name: expect.any(String),
        text: expect.stringContaining(finding),
        exchange: expect.any(Number),
        after: expect.any(Number),
      },
    ]);
    const [, output = ""] =
      /<system-out>session .*\n([^<]*)<\/system-out>/.exec(readFileSync(junit, "utf8")) ?? [];
    expect(`note: ${output}`).toBe(notes[0]);
  },
);

test("guest tools that never report a result are found by the time limit", async () => {
  const file = join(home, "endless.yaml");
  writeFileSync(file, "name: It ends\ncommand: [sleep, '60']\ntimeout: 2\nexpect: [{result: success}]\n");
  const { stdout, exitStatus } = await run(inject("guestTools"), file);
  expect(stdout).toContain("FAILED: It ends");
  expect(stdout).toContain("seen: no result: the task had not ended within 2 s");
  expect(exitStatus).toBe(1);
});

test("a command of guest tools that is wrong is found at once", async () => {
  const { stdout, exitStatus } = await run("./no-such-tools", scenario("reply-retry"));
  expect(stdout).toContain("seen: no result: the guest tools on this host ended: exit status 127");
  expect(exitStatus).toBe(1);
});

test("an action whose moment never comes is a failure", async () => {
  const file = join(home, "never.yaml");
  writeFileSync(
    file,
    "name: It is asked\ncommand: [echo, hello]\nactions: [{list-folder: /etc, when: {log: nothing}}]\n",
  );
  const { stdout, exitStatus } = await run(inject("guestTools"), file);
  expect(stdout).toContain('seen: not asked for: the log never had "nothing"');
  expect(exitStatus).toBe(1);
  const [, session] = /, session ([^)]+)\)/.exec(stdout) ?? [];
  const listed = await execa(join(project, "tinsmith"), ["sessions", "--all", "--json"], {
    env: { TINSMITH_HOME: home },
  });
  const all: SessionSummary[] = JSON.parse(listed.stdout);
  expect(all.find(({ id }) => id === session)).toMatchObject({ title: "It is asked", status: "failed" });
});

test("a file with a mistake is refused before any run, with line and key", async () => {
  const file = join(home, "bad.yaml");
  writeFileSync(file, "name: a\ncommand: [ls]\nexpect:\n  - reslut: success\n");
  const { stderr, stdout, exitStatus } = await run(inject("guestTools"), scenario("reply-retry"), file);
  expect(stderr).toContain(`error: ${file} is not a valid scenario`);
  expect(stderr).toContain('line 4: expect.0.reslut is "success": unknown key; did you mean result?');
  expect(stdout).toBe("");
  expect(exitStatus).toBe(2);
});

test("a session that is saved as a scenario has its task, rules, actions and answers, and runs as it did", async () => {
  writeFileSync(join(home, "saved"), "text");
  mkdirSync(join(home, "listed"));
  writeFileSync(join(home, "listed/saved"), "");
  const file = join(home, "first.yaml");
  writeFileSync(
    file,
    `name: first
command: [sh, -c, "cd $HOME; sleep 2; exit 3"]
env: {HOME: ${home}}
rules:
  - {name: cut, when: {endpoint: reply, action: list-folder}, steps: [{cut: {}}]}
  - {name: unused, when: {endpoint: reply, probability: 0.000001}, steps: [{drop: true}]}
  - {name: edit, when: {endpoint: reply, action: list-folder, text: saved}, steps: [{edit: {json: {files: [/edited], notFound: false}}}]}
actions:
  - {list-folder: /no/such/folder, expect: {missing: true}}
  - {get-artifact: ${home}/saved, when: {after: 0.5}}
  - {shell: [sh, -c, "cat; exit 3"], stdin: "typed\\n", when: {after: 0.7}, expect: {result: failed}}
  - {composed: '{"type": "get-artifact", "path": "${home}/saved"}', when: {after: 0.9}}
  - {list-folder: ${home}/listed, when: {after: 1.1}}
expect: [{result: failed}]
`,
  );
  const { stdout } = await run(inject("guestTools"), "--json", file);
  const { session, passed } = JSON.parse(stdout);
  expect(passed).toBe(true);
  const saved = join(home, "saved.yaml");
  const save = () =>
    execa(join(project, "tinsmith"), ["scenario", "save", session, saved], {
      ...{ cwd: home, env: { TINSMITH_HOME: home }, reject: false },
    });
  const { stdout: printed, stderr, exitCode } = await save();
  expect(printed).toBe(saved);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  const scenario = parseScenario(readFileSync(saved, "utf8"), saved);
  expect(scenario).toMatchObject({
    name: `As in session ${session}`,
    env: { HOME: home },
    rules: [{ name: "cut" }, { name: "unused" }, { name: "edit" }],
    actions: [
      { "list-folder": "/no/such/folder", expect: { missing: true } },
      { "get-artifact": join(home, "saved"), expect: { content: "text" } },
      { shell: ["sh", "-c", "cat; exit 3"], stdin: "typed\n", expect: { result: "failed" } },
      { composed: `{"type": "get-artifact", "path": "${home}/saved"}`, expect: { content: "text" } },
      // As the host got it: after the edit.
      { "list-folder": join(home, "listed"), expect: { files: ["/edited"] } },
    ],
    expect: [{ result: "failed" }, { exit: 3 }],
  });
  // Rounded; on a busy host it was asked for later.
  expect(scenario.actions[1]?.when.after).toBeGreaterThan(0.4);
  expect((await run(inject("guestTools"), saved)).stdout).toContain(`passed: As in session ${session}`);
  expect((await save()).stderr).toContain("saved.yaml already exists");
});
