import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { startOtherVersion } from "../../../tests/other-version/start.ts";
import { createSessionList } from "../../app/sessions/session-list.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import { newHome, openTestSession } from "../serve/test-session.ts";
import { attach, attachToCore } from "./attach.ts";
import { stopSession } from "./stop-session.ts";

// The session is a real process, which takes its time to start on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test("a session of another version is listed, watched and stopped; for more, one is told which version to use", async () => {
  const paths = newHome();
  await using other = await startOtherVersion(paths);
  const refusal = {
    code: "other-version",
    message: `session ${other.id} runs Tinsmith 9.9.9, whose session protocol 99 is newer than this one's, 4`,
    advice: "Use Tinsmith 9.9.9 for everything except watching and stopping the session.",
  };
  const list = createSessionList(paths);
  expect(findSessions(paths)).toMatchObject([{ id: other.id, title: "A dream", kind: "run" }]);
  expect(await list()).toMatchObject([
    { id: other.id, title: "A dream", kind: "run", status: "running", otherVersion: refusal },
  ]);
  await expect(attach(paths, other.id)).rejects.toMatchObject(refusal);

  {
    using attached = await attachToCore(paths, other.id);
    const events = await attached.api.session.events({ after: 2 });
    expect((await events.next()).value).toMatchObject([{ seq: 3 }, { seq: 4, type: "dream-told" }]);
  }
  await stopSession(paths, other.id);
  expect(await other.ended).toBe(0);
  const [ended] = await list();
  expect(ended).toMatchObject({ id: other.id, status: "newer", error: { code: "newer-version" } });
  expect(ended?.otherVersion).toBeUndefined();
});

test("a session tells its version where another one looks for it", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  expect(JSON.parse(readFileSync(session.paths.lock, "utf8"))).toMatchObject({
    protocol: 4,
    tinsmith: expect.stringMatching(/^\d/),
  });
});
