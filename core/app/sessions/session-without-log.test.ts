import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockOwnFile } from "../../files/locks/file-lock.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { takeTurn } from "../../session-record/session-cleanup.ts";
import { deletedSessions, sessionPaths } from "../../storage/paths.ts";
import { deleteSession } from "./delete-session.ts";
import { createSessionList } from "./session-list.ts";

/** A session's folder with an empty log. */
function leaveFolder() {
  const paths = newHome();
  makePrivateFolder(paths.sessions);
  const files = sessionPaths(paths, "20261125-165938-ece2");
  makePrivateFolder(files.folder);
  writeFileSync(files.events, "");
  return { paths, files };
}

test.each([
  ["without a log", rmSync, "does not exist"],
  ["with an empty log", () => {}, "is damaged, and can't be read as a session log"],
])("a session's folder %s is listed as one that can't be read", async (_, change, why) => {
  const { paths, files } = leaveFolder();
  change(files.events);
  expect(await createSessionList(paths)()).toMatchObject([
    {
      status: "unreadable",
      error: {
        message: expect.stringMatching(new RegExp(`^its record can't be read: .*${files.events} ${why}$`)),
        advice: `Delete the session in the window, or remove the folder ${files.folder}.`,
      },
    },
  ]);
});

test("a session that is just beginning has no log yet, and is not listed", async () => {
  const { paths, files } = leaveFolder();
  rmSync(files.events);
  const list = createSessionList(paths);
  {
    using _turn = takeTurn(paths);
    expect(await list()).toEqual([]);
  }
  {
    using _lock = lockOwnFile(files.lock, "a session");
    expect(await list()).toEqual([]);
  }
  expect(await list()).toMatchObject([{ status: "unreadable" }]);
});

test("a session without its log is deleted as any other", async () => {
  const { paths, files } = leaveFolder();
  rmSync(files.events);
  const list = createSessionList(paths);
  await deleteSession(paths, await list(), "20261125-165938-ece2");
  expect(existsSync(files.folder)).toBe(false);
  expect(existsSync(join(deletedSessions(paths), "20261125-165938-ece2"))).toBe(false);
  expect(await list()).toEqual([]);
});
