import { readFileSync } from "node:fs";
import { lockFolder } from "../../../core/files/locks/file-lock.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("a person sets how much is kept of sessions, and the list shows what was deleted", async ({
  tinsmith,
  engine,
}) => {
  const { dialog, page } = tinsmith;
  await tinsmith.command("Settings");
  await expect(dialog.getByLabel("Sessions to keep")).toHaveValue("50");
  await dialog.getByLabel("Sessions to keep").fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Sessions to keep").fill("7");
  await dialog.getByLabel("Size of all sessions").fill("0.5");
  await dialog.getByLabel("Size of the cache").fill("40");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  expect(JSON.parse(readFileSync(engine.paths.settings, "utf8")).retention).toEqual({
    sessions: 7,
    sessionsGib: 0.5,
    cacheGib: 40,
  });

  const run = await engine.beginRun();
  run.session.record({
    type: "note",
    text: "Deleted 2 old sessions: 1, 2 (3 MB).",
    about: "deleted-sessions",
  });
  await run.finish("success");
  await tinsmith.showTab("Sessions");
  // Below the list, and not in the row of the session that made room: it is not its outcome.
  await expect(page.locator(".sessions-retention")).toContainText("Deleted 2 old sessions: 1, 2 (3 MB).");
  await expect(page.locator(".session")).not.toContainText("Deleted");
});

/** Whether a folder is held, not only for a moment. */
async function expectHeld(folder: string): Promise<void> {
  let looks = 0;
  const look = () => {
    using alone = lockFolder(folder, "exclusive");
    looks = alone ? 0 : looks + 1;
    return looks;
  };
  await expect.poll(look, { intervals: [100] }).toBeGreaterThan(20);
}

test("a run that is shown when it ends is held, so that it is not deleted to make room", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  await RunPage.open(tinsmith, "Run of");
  await run.finish("success");
  await expectHeld(run.session.paths.folder);
});

test("a build that is shown when it ends is held, so that it is not deleted to make room", async ({
  tinsmith,
  engine,
}) => {
  const build = await engine.begin("Worker image microcore", "/images/worker.tar.lz4");
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session", { hasText: "Worker image" }).first().click();
  await expect(tinsmith.build).toBeVisible();
  await build.succeed();
  await expectHeld(build.session.paths.folder);
});
