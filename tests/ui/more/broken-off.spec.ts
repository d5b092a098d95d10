import { join } from "node:path";
import { expect, test } from "../fixtures.ts";
import { holdAnswers } from "../hold-answers.ts";
import { RunPage } from "../run-page.ts";

test("a window that is loaded again while a build begins has begun one, and shows it as such", async ({
  tinsmith,
  engine,
  page,
}) => {
  await holdAnswers(page, "builds/start");
  await page.reload();
  await tinsmith.isUsable();
  await tinsmith.toolbar.getByRole("button", { name: "Rebuild worker" }).dblclick();
  await expect.poll(() => engine.started.length).toBe(1);
  await page.reload();
  await tinsmith.isUsable();
  await expect(tinsmith.toolbar.getByRole("button", { name: "Rebuild worker" })).toBeDisabled();
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Cancel" })).toBeEnabled();
  expect(engine.started).toHaveLength(1);
});

test("a window that is loaded again while a build is cancelled says so, and offers to force it", async ({
  tinsmith,
  engine,
  page,
}) => {
  engine.holdStops();
  await tinsmith.rebuild("worker");
  await tinsmith.build.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Cancelling…" })).toBeDisabled();
  await page.clock.install();
  await page.reload();
  await tinsmith.isUsable();
  await expect(tinsmith.build.getByRole("button", { name: "Cancelling…" })).toBeDisabled();
  await page.clock.fastForward(11_000);
  await tinsmith.build.getByRole("button", { name: "Force" }).dblclick();
  await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible();
  expect(engine.stopsAsked).toEqual([false, true]);
});

test("a run that is killed while its dialogs and menus are open leaves nothing that can't work", async ({
  tinsmith,
  engine,
  page,
}) => {
  const process = await engine.beginProcess("run");
  const view = await RunPage.open(tinsmith, "make test");
  await view.button("Kill task").click();
  await expect(tinsmith.dialog.getByRole("button", { name: "Kill" })).toBeEnabled();
  await process.kill();
  await expect(tinsmith.dialog.getByRole("button", { name: "Kill" })).toBeDisabled();
  await expect(tinsmith.dialog).toContainText("The run has ended");
  await page.keyboard.press("Escape");
  await tinsmith.showTab(/^Files$/);
  await expect(view.files.getByRole("button", { name: "List" })).toBeDisabled();
  await expect(view.newShell).toBeHidden();
  await page.keyboard.press("Control+k");
  for (const title of ["Open a shell in the guest", "List the guest's files", "Kill the task…"])
    await expect(tinsmith.dialog.getByRole("option", { name: title })).toContainText("The run has ended");
  await page.keyboard.press("Escape");
  await expect(tinsmith.errors).toHaveCount(0);
});

test("a session that does not answer blocks nothing of the window, and what waits for it can be given up", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  const process = await engine.beginProcess("run");
  const view = await RunPage.open(tinsmith, "make test");
  process.standStill();
  await view.newShell.dblclick();
  await expect(tinsmith.tabs(/^Shell \d$/)).toHaveCount(1);
  await tinsmith.showLog();
  await view.button("Kill task").click();
  await tinsmith.dialog.getByRole("button", { name: "Kill" }).dblclick();
  await page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Run" }).dblclick();
  await expect(tinsmith.dialog).toBeHidden();
  await expect.poll(() => engine.runs.length).toBe(1);
  await expect(view.log).toBeVisible();
  process.goOn();
});

test("a window that is loaded again with a dialog open comes without it, and the dialog opens anew", async ({
  tinsmith,
  page,
}) => {
  await tinsmith.command("New image set");
  await tinsmith.dialog.getByLabel("Name").fill("half");
  await page.reload();
  await tinsmith.isUsable();
  await expect(tinsmith.dialog).toHaveCount(0);
  await tinsmith.command("New image set");
  await expect(tinsmith.dialog.getByLabel("Name")).toHaveValue("");
  await tinsmith.dialog.getByLabel("Name").fill("whole");
  await tinsmith.dialog.getByRole("button", { name: "Create image set" }).dblclick();
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.library.getByRole("button", { name: /^whole/ })).toBeVisible();
  await expect(tinsmith.errors).toHaveCount(0);
});
