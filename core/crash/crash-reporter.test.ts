import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { makePrivateFolder } from "../files/private-folder.ts";
import { newHome } from "../session/serve/test-session.ts";
import type { Paths } from "../storage/paths.ts";
import { listCrashes } from "./crash-reports.ts";

/** Runs a program that has the reporter, in a process of its own. */
function run(paths: Paths, program: string) {
  makePrivateFolder(paths.sessions);
  const from = (module: string) => JSON.stringify(join(import.meta.dirname, "..", module));
  const script = `
    const { installCrashReporter } = await import(${from("crash/crash-reporter.ts")});
    const { openServedSession } = await import(${from("session/serve/served-session.ts")});
    const { findPaths } = await import(${from("storage/paths.ts")});
    const paths = findPaths();
    const onReport = ({ id }) => console.log("report " + id);
    installCrashReporter({ paths, version: "1.2.3", program: "a test", onReport });
    ${program}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, TINSMITH_HOME: dirname(paths.sessions) },
  });
  return { status, stdout, stderr };
}

test("a process that dies of an error leaves a report, and ends as it would without", () => {
  const paths = newHome();
  const { status, stdout, stderr } = run(
    paths,
    `setImmediate(() => { throw new TypeError("no such thing", { cause: new Error("the cause") }); });`,
  );
  expect(status).toBe(1);
  expect(stderr).toContain("TypeError: no such thing");
  const [crash] = listCrashes(paths);
  expect(stdout).toBe(`report ${crash?.id}\n`);
  expect(crash?.report).toMatchObject({
    program: "a test",
    versions: { tinsmith: "1.2.3", node: process.versions.node },
    error: {
      message: "TypeError: no such thing",
      stack: expect.stringContaining("Caused by: Error: the cause"),
    },
    running: [],
    outcome: "ended",
  });
  expect(Date.now() - (crash?.report.time ?? 0)).toBeLessThan(60_000);
});

test("so does one that nobody has told what becomes of a promise that fails", () => {
  const paths = newHome();
  expect(run(paths, `void Promise.reject("just a text");`).status).toBe(1);
  expect(listCrashes(paths)).toMatchObject([
    { report: { error: { message: expect.stringContaining('with the reason "just a text"') } } },
  ]);
});

test("one that runs a session leaves it in that session's folder, with what had happened", () => {
  const paths = newHome();
  run(
    paths,
    `const session = await openServedSession(paths, { title: "Run of worker", kind: "run" });
    session.record({ type: "run-started", title: "Run of worker", kind: "run", task: { command: ["secret"], env: {} } });
    session.record({ type: "guest-log", text: "said by the guest" });
    session.record({ type: "note", text: "told by Tinsmith" });
    console.log(session.id);
    setImmediate(() => { throw new Error("boom"); });`,
  );
  const [crash] = listCrashes(paths);
  const id = crash?.id;
  expect(crash?.path).toBe(join(paths.sessions, id ?? "", "crash.json"));
  const own = { id, title: "Run of worker" };
  expect(crash?.report).toMatchObject({ session: own, running: [own] });
  const lines = crash?.report.lastLines.join("\n");
  expect(lines).toMatch(/run-started\n.* guest-log\n.* note told by Tinsmith$/);
  expect(lines).not.toMatch(/secret|said by the guest/);
});

test("a process whose error was caught, or whose session has ended, leaves nothing there", () => {
  const paths = newHome();
  run(
    paths,
    `const session = await openServedSession(paths, { title: "Run of worker", kind: "run" });
    session.record({ type: "note", text: "it begins" });
    await session[Symbol.asyncDispose]();
    try { throw new Error("caught"); } catch {}
    throw new Error("boom");`,
  );
  expect(listCrashes(paths)).toMatchObject([
    { id: expect.stringMatching(/^crash-/), report: { running: [] } },
  ]);
});

test("a process that survives errors reports each once, and continues", () => {
  const paths = newHome();
  const { status, stdout } = run(
    paths,
    `const { surviveErrors } = await import(${JSON.stringify(join(import.meta.dirname, "crash-reporter.ts"))});
    surviveErrors();
    const fail = () => { throw new Error("boom"); };
    setImmediate(fail);
    setImmediate(fail);
    setImmediate(() => void Promise.reject(new Error("nobody waits")));
    process.once("beforeExit", () => console.log("still here"));`,
  );
  expect(status).toBe(0);
  expect(stdout).toContain("still here");
  const reports = listCrashes(paths).map(({ report }) => [report.error.message, report.outcome]);
  expect(reports).toEqual([
    ["Error: nobody waits", "continued"],
    ["Error: boom", "continued"],
  ]);
});

test("a report that can't be written hides nothing of the error", () => {
  const paths = newHome();
  const { status, stderr } = run(
    paths,
    `const { rmSync, writeFileSync } = await import("node:fs");
    rmSync(paths.sessions, { recursive: true });
    writeFileSync(paths.sessions, "no folder");
    throw new Error("boom");`,
  );
  expect(status).toBe(1);
  expect(stderr).toContain("Error: boom");
});
