import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { json } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSessionList } from "../../../core/app/sessions/session-list.ts";
import { listCrashes } from "../../../core/crash/crash-reports.ts";
import { attach } from "../../../core/session/client/attach.ts";
import { sessionArguments, startSessionProcess } from "../../../core/session/client/start-session.ts";
import { stopSession } from "../../../core/session/client/stop-session.ts";
import { newHome } from "../../../core/session/serve/test-session.ts";
import type { Paths } from "../../../core/storage/paths.ts";
import { makePlan, type Plan } from "../../../shared/contracts/plan.ts";
import { eventually } from "../../../tests/eventually.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each session is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 120_000 });

const program = resolve(import.meta.dirname, "../../main.ts");

/** A home in which the sessions of this process's children are. */
function ownHome(): Paths {
  const paths = newHome();
  const before = process.env.TINSMITH_HOME;
  process.env.TINSMITH_HOME = resolve(paths.sessions, "..");
  onTestFinished(() => {
    if (before === undefined) delete process.env.TINSMITH_HOME;
    else process.env.TINSMITH_HOME = before;
  });
  return paths;
}

/** Starts a session as the window does. */
const start = (plan: Plan) => startSessionProcess([process.execPath, program, ...sessionArguments], plan);

const listen = (paths: Paths) => ({ socketPath: join(resolve(paths.sessions, ".."), "meta.sock") });

async function askForTask(socketPath: string): Promise<unknown> {
  const [reply] = await once(request({ socketPath, path: "/engine/v1/execute" }).end(), "response");
  return await json(reply);
}

test("a session's task reaches the guest whole, and neither ps nor its environment shows the variables", async () => {
  const paths = ownHome();
  const task = { command: ["make"], env: { TOKEN: "correct horse", LONG: "x".repeat(200_000) } };
  const id = await start(makePlan({ kind: "meta", listen: listen(paths), task }));
  using session = await attach(paths, id);
  const { processId } = session.description;
  const asked = () => askForTask(listen(paths).socketPath);
  await eventually(async () => expect(await asked()).toMatchObject(task));
  const command = readFileSync(`/proc/${processId}/cmdline`, "utf8").split("\0");
  expect(command.slice(-2)).toEqual(["session", ""]);
  for (const shown of [command.join(" "), readFileSync(`/proc/${processId}/environ`, "utf8")])
    expect(shown).not.toMatch(/correct horse|xxxx/);

  // Its first event is longer than the part that is read of other logs' beginnings.
  const list = createSessionList(paths);
  expect(await list()).toMatchObject([
    { id, kind: "meta", title: "MetaService for make", status: "running" },
  ]);
  await stopSession(paths, id);
  await eventually(async () => expect(await list()).toMatchObject([{ id, status: "cancelled" }]));
});

test.each([
  ["an error", "throw new Error('boom')"],
  ["a failed promise", "void Promise.reject(new Error('boom'))"],
])("%s that nobody catches ends a session in order, with a report", async (_what, fail) => {
  const paths = ownHome();
  const failOnSignal = encodeURIComponent(`process.on("SIGUSR2", () => { ${fail}; });`);
  const id = await startSessionProcess(
    [process.execPath, `--import=data:text/javascript,${failOnSignal}`, program, ...sessionArguments],
    makePlan({ kind: "meta", listen: listen(paths), task: { command: ["true"] } }),
  );
  using session = await attach(paths, id);
  process.kill(session.description.processId, "SIGUSR2");
  const list = createSessionList(paths);
  const error = { code: "internal", message: expect.stringContaining("unexpected error: Error: boom") };
  await eventually(async () => expect(await list()).toMatchObject([{ id, status: "failed", error }]));
  expect(listCrashes(paths)).toMatchObject([{ id, report: { outcome: "ended" } }]);
});

test("why a session has not begun comes back as it was said", async () => {
  ownHome();
  const plan = makePlan({ kind: "run", archive: "/nowhere/worker.tar.lz4", task: { command: ["true"] } });
  await expect(start(plan)).rejects.toMatchObject({
    code: "missing-file",
    message: "/nowhere/worker.tar.lz4 does not exist",
  });
});

test("a plan that is not valid is not performed", async () => {
  ownHome();
  const plan = { ...makePlan({ kind: "rebuild", folder: "/set", image: "worker" }), folder: "set" };
  await expect(start(plan)).rejects.toMatchObject({
    code: "usage",
    details: ['folder is "set": must be an absolute path'],
  });
});

test("one whose parent ends before it has sent a plan ends, too", async () => {
  ownHome();
  const child = fork(program, [...sessionArguments], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  child.disconnect();
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
});

test("a person who starts one is told what to use", async () => {
  const home = resolve(ownHome().sessions, "..");
  const { exitStatus, stderr } = await tinsmith(home, ["session"]);
  expect(exitStatus).toBe(2);
  expect(stderr).toContain("tinsmith sessions lists what is running");
});
