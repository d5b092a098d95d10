import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sessionPaths } from "../paths.ts";
import { attach, findSessions } from "./attach.ts";
import { openSession } from "./session.ts";
import { newHome, openTestSession } from "./test-session.ts";

test("a session tells of itself", async () => {
  const paths = newHome();
  const before = Date.now();
  const session = await openTestSession(paths);
  expect(await findSessions(paths)).toEqual([
    {
      id: session.id,
      title: "a test",
      kind: "run",
      image: "/images/worker.tar.lz4",
      startedAt: expect.any(Number),
      processId: process.pid,
      folder: session.paths.folder,
    },
  ]);
  const [{ startedAt } = { startedAt: 0 }] = await findSessions(paths);
  expect(startedAt).toBeGreaterThanOrEqual(before);
});

test("where nothing has ever run, nothing is found", async () => {
  expect(await findSessions(newHome())).toEqual([]);
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

  const found = await findSessions(paths);
  expect(found.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
});

test("a process that does not answer is passed over; chosen by its id, that is said of it", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  using silent = openSession(paths, "silent");
  const server = createServer(() => {}).listen(silent.paths.apiSocket);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  expect((await findSessions(paths, 100)).map(({ id }) => id)).toEqual([session.id]);
  await expect(attach(paths, silent.id, 100)).rejects.toMatchObject({
    code: "busy",
    message: `session ${silent.id} is running, but does not answer`,
  });
});

test.runIf(process.getuid?.() === 0)(
  "sessions in a folder that somebody else has made are not this user's",
  async () => {
    const paths = newHome();
    await openTestSession(paths);
    chownSync(paths.sockets, 1, 1);
    expect(await findSessions(paths)).toEqual([]);
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
  const lines = [`${first.id}  first`, `${second.id}  second`].sort();
  await expect(attach(paths)).rejects.toMatchObject({
    code: "no-session",
    details: lines,
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
