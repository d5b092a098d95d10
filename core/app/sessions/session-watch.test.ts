import { appendFileSync, rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome, openTestSession } from "../../session/serve/test-session.ts";
import { createSessionList } from "./session-list.ts";
import { createSessionWatch } from "./session-watch.ts";

/** The home of some sessions, and a watch on those that run. */
async function watched() {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  const watch = createSessionWatch(paths, createSessionList(paths));
  onTestFinished(() => watch[Symbol.dispose]());
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  await watch.list();
  return { paths, list: watch.list, changed: () => watch.changed(controller.signal) };
}

test("a session that begins, ends, or is deleted is told", async () => {
  const { paths, list, changed } = await watched();
  const begun = changed();
  const session = await openTestSession(paths);
  await begun;
  session.record({ type: "task-result", result: "success" });
  await list();
  const ended = changed();
  await session[Symbol.asyncDispose]();
  await ended;
  await list();
  const deleted = changed();
  rmSync(session.paths.folder, { recursive: true });
  await deleted;
});

test("output of a session is not told", async () => {
  const { paths, list, changed } = await watched();
  const begun = changed();
  const session = await openTestSession(paths);
  session.record({ type: "task-result", result: "success" });
  await begun;
  await list();
  let isTold = false;
  void changed().then(() => {
    isTold = true;
  });
  appendFileSync(session.paths.events, "{}\n");
  await letTimePass(300);
  expect(isTold).toBe(false);
});
