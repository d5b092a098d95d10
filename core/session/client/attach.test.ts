import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findSessions } from "../../session-record/find-sessions.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { openSession } from "../serve/session.ts";
import { newHome, openTestSession, startStoppedSession } from "../serve/test-session.ts";
import { attach, probeSession } from "./attach.ts";

async function probe(paths: Paths, id: string, timeout: number) {
  const [description] = findSessions(paths).filter((session) => session.id === id);
  return description && (await probeSession(paths, description, timeout));
}

test("a session tells of itself", async () => {
  const paths = newHome();
  const before = Date.now();
  const session = await openTestSession(paths);
  expect(findSessions(paths)).toEqual([
    {
      id: session.id,
      title: "a test",
      kind: "run",
      image: "/images/worker.tar.lz4",
      startedAt: expect.any(Number),
      processId: process.pid,
      folder: session.paths.folder,
      tinsmith: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      protocol: 4,
    },
  ]);
  const [{ startedAt } = { startedAt: 0 }] = findSessions(paths);
  expect(startedAt).toBeGreaterThanOrEqual(before);
});

test("a running session answers with its description", async () => {
  const paths = newHome();
  await openTestSession(paths);
  using session = await attach(paths);
  expect(await session.api.session.describe()).toEqual({ ...session.description, isRunning: true });
});

test("where nothing has ever run, nothing is found", async () => {
  expect(findSessions(newHome())).toEqual([]);
});

test("all running sessions are found; ended ones, and what killed ones left, are passed over", async () => {
  const paths = newHome();
  const first = await openTestSession(paths, {}, "first");
  const second = await openTestSession(paths, {}, "second");
  const ended = await openTestSession(paths);
  await ended[Symbol.asyncDispose]();
  const killed = sessionPaths(paths, "20200101-000000-0000");
  mkdirSync(killed.socketFolder);
  // A socket whose process was killed stays, and refuses.
  const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script, killed.apiSocket]), "exit");
  const noSocket = sessionPaths(paths, "20200101-000000-0001");
  mkdirSync(noSocket.socketFolder);
  writeFileSync(noSocket.apiSocket, "no socket");

  const found = findSessions(paths);
  expect(found.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
});

test("a session whose process was stopped is running and does not answer, which takes no longer than it is given", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  const stopped = await startStoppedSession(paths);
  expect(findSessions(paths).map(({ id }) => id)).toEqual([session.id, stopped]);
  expect(await probe(paths, session.id, 10_000)).toEqual({ isAnswering: true, virtualMachine: "none" });
  expect(await probe(paths, stopped, 100)).toEqual({ isAnswering: false });
  await expect(attach(paths, stopped, 100)).rejects.toMatchObject({
    code: "busy",
    message: `session ${stopped} is running, but does not answer`,
  });
});

test("a session that is only just beginning, or about to end, is passed over", () => {
  const paths = newHome();
  using _session = openSession(paths, "beginning");
  expect(findSessions(paths)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)(
  "sockets in a folder that somebody else has made are not talked to",
  async () => {
    const paths = newHome();
    const { id } = await openTestSession(paths);
    chownSync(paths.sockets, 1, 1);
    expect(await probe(paths, id, 10_000)).toEqual({ isAnswering: false });
    await expect(attach(paths, id)).rejects.toMatchObject({ code: "busy" });
  },
);

test("the only running session needs no name", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  using attached = await attach(paths);
  expect(attached.description.id).toBe(session.id);
});

test("of several, one is chosen by its id", async () => {
  const paths = newHome();
  await openTestSession(paths);
  const session = await openTestSession(paths);
  using attached = await attach(paths, session.id);
  expect(attached.description.id).toBe(session.id);
});

test("without a choice the error lists the sessions, and says how to choose", async () => {
  const paths = newHome();
  const first = await openTestSession(paths, {}, "first");
  const second = await openTestSession(paths, {}, "second");
  await expect(attach(paths)).rejects.toMatchObject({
    code: "no-session",
    details: expect.arrayContaining([`${first.id}  first`, `${second.id}  second`]),
    advice: expect.stringContaining("--session"),
  });
});

test("when none is running the error says how to start one", async () => {
  await expect(attach(newHome())).rejects.toMatchObject({
    code: "no-session",
    message: "no session is running",
    advice: expect.stringContaining("tinsmith run --keep-alive"),
  });
});

test("a mistyped id is an error that names the nearest one", async () => {
  const paths = newHome();
  const { id } = await openTestSession(paths);
  const mistyped = `${id.slice(0, -1)}x`;
  await expect(attach(paths, mistyped)).rejects.toMatchObject({
    code: "no-session",
    message: `no running session is called "${mistyped}"`,
    advice: `Did you mean ${id}?`,
  });
  await expect(attach(paths, "../../etc")).rejects.toMatchObject({
    code: "no-session",
    details: [`${id}  a test`],
  });
});

test("a session that has ended is called that, with the place of its logs", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  await session[Symbol.asyncDispose]();
  await expect(attach(paths, session.id)).rejects.toMatchObject({
    code: "no-session",
    message: `session ${session.id} has ended; its logs are in ${session.paths.folder}`,
  });
  await expect(attach(paths, `./${session.id}`)).rejects.toMatchObject({
    message: `no running session is called "./${session.id}"`,
  });
});
