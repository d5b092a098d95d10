import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { newHome, startSession, startStoppedSession } from "../serve/test-session.ts";
import { stopSession } from "./stop-session.ts";

/** How long a session has to answer, in milliseconds. */
const timeout = 200;

test("a session whose process was stopped continues, and ends in order", async () => {
  const paths = newHome();
  const id = await startStoppedSession(paths);
  await stopSession(paths, id, false, timeout);
  await eventually(() => expect(findSessions(paths)).toEqual([]));
  expect(existsSync(sessionPaths(paths, id).working)).toBe(false);
});

test("a session whose sockets have vanished can be stopped", async () => {
  const paths = newHome();
  const { id, child } = await startSession(paths);
  const ended = once(child, "exit");
  rmSync(paths.sockets, { recursive: true });
  await stopSession(paths, id, false, timeout);
  await ended;
  expect(findSessions(paths)).toEqual([]);
});

test("a session that does not answer even when it continues is killed by force", async () => {
  const paths = newHome();
  const { id, child } = await startSession(paths, "hanging");
  const ended = once(child, "exit");
  await stopSession(paths, id, true, timeout);
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("a session that has ended can't be stopped", async () => {
  await expect(stopSession(newHome(), "20200101-000000-0000")).rejects.toMatchObject({ code: "no-session" });
});
