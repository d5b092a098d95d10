import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import { newHome } from "../session/serve/test-session.ts";
import { sessionPaths } from "../storage/paths.ts";
import { runScenarios } from "./run-scenarios.ts";

// Each starts guest tools, which take their time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** Guest tools that fetch the task, report its command as its result, and poll: `true` succeeds, `endless` never ends. */
const tools = `
const ask = (method, path) => fetch("http://" + process.env.TINSMITH_HOST + "/engine/v1/" + path, { method });
const { command } = await (await ask("GET", "execute")).json();
if (command[0] !== "endless") await ask("PUT", command[0] === "true" ? "success" : "failed");
for (;;) await (await ask("GET", "poll")).text();
`;

/** Runs scenarios with such guest tools. @param onEvent may stop them @param settleTime see `AttendOptions` */
async function run(
  scenarios: readonly string[],
  onEvent: (event: RunEvent, stop: () => void) => void = () => {},
  settleTime = 30_000,
) {
  const paths = newHome();
  const home = resolve(paths.sessions, "..");
  const script = join(home, "tools.mjs");
  writeFileSync(script, tools);
  const files = scenarios.map((text, index) => {
    const file = join(home, `${index}.yaml`);
    writeFileSync(file, `name: "${index}"\n${text}\n`);
    return file;
  });
  const controller = new AbortController();
  const stop = () => controller.abort(new AppError({ code: "interrupted", message: "interrupted" }));
  const started: RunEvent[] = [];
  const outcome = await runScenarios(
    files,
    { command: `exec ${process.execPath} ${script}` },
    {
      paths,
      signal: controller.signal,
      settleTime,
      onEvent: (event) => {
        if (event.type === "run-started") started.push(event);
        onEvent(event, stop);
      },
    },
  ).catch(({ code }: AppError) => code);
  const sessions = started.flatMap((event) => (event.type === "run-started" ? event : []));
  const logs = sessions.map(({ session }) => readFileSync(sessionPaths(paths, session).events, "utf8"));
  const folders = readdirSync(paths.sessions).filter((name) => !name.startsWith("."));
  expect(folders).toHaveLength(sessions.length);
  return { outcome, sessions, logs };
}

test("scenarios run one after another, and each knows its place and the results of those before it", async () => {
  const scenarios = [
    "command: ['true']",
    "command: ['true']\nexpect: [{result: failed}]",
    "command: ['false']\nexpect: [{result: failed}]",
  ];
  const { outcome, sessions } = await run(scenarios, () => {}, 200);
  expect(outcome).toEqual({ result: "failed" });
  const [first, second] = sessions.map(({ session }) => session);
  const names = ["0", "1", "2"];
  expect(sessions.map(({ scenario }) => scenario?.series)).toEqual([
    { names, earlier: [] },
    { names, earlier: [{ session: first, passed: true }] },
    {
      names,
      earlier: [
        { session: first, passed: true },
        { session: second, passed: false },
      ],
    },
  ]);
});

test("a stop ends the scenario that runs, and the others don't start", async () => {
  const { outcome, logs } = await run(["command: [endless]", "command: ['true']"], ({ type }, stop) => {
    if (type === "guest-tools-started") stop();
  });
  expect(outcome).toBe("interrupted");
  expect(logs).toHaveLength(1);
  expect(logs[0]).toContain('"code":"interrupted"');
});

test("a stop after the result of a scenario keeps that, and the others don't start", async () => {
  const twice = "command: ['true']\nexpect: [{exchanges: {endpoint: success, count: 2}}]";
  const { outcome, logs } = await run([twice, "command: ['true']"], ({ type }, stop) => {
    if (type === "task-result") stop();
  });
  expect(outcome).toBe("interrupted");
  expect(logs).toHaveLength(1);
  expect(logs[0]).toContain('"type":"series-stopped"');
  expect(logs[0]).toContain('"type":"run-finished"');
});

test("a single scenario is not one of several", async () => {
  const { sessions } = await run(["command: ['true']"]);
  expect(sessions[0]?.scenario?.series).toBeUndefined();
});
