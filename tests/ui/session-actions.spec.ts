import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sessionPaths } from "../../core/storage/paths.ts";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedRun } from "./scripted-run.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Opens the menu of a session in the list of them. */
async function openMenu(tinsmith: TinsmithPage, text: string) {
  const { page } = tinsmith;
  await page.keyboard.press("Control+2");
  await page
    .locator(".session", { hasText: text })
    .getByRole("button", { name: /More for/ })
    .click();
  return (name: string | RegExp) => page.getByRole("menuitem", { name });
}

test("a session's menu stops it once, says why it can't again, and does not change under the pointer", async ({
  tinsmith,
  engine,
  page,
}) => {
  engine.holdStops();
  const run = await engine.beginRun();
  const item = await openMenu(tinsmith, "make test");
  await expect(item(/^Delete/)).toContainText("It is running");
  await item("Stop").click();
  await expect.poll(() => engine.stopsAsked).toEqual([false]);
  await openMenu(tinsmith, "make test");
  await expect(item(/^Stop/)).toBeDisabled();
  await expect(item(/^Stop/)).toContainText("It is shutting down");
  await item(/^Stop/).click({ force: true });
  expect(engine.stopsAsked).toEqual([false]);
  await run.finish("success");
  await expect(item(/^Stop/)).toContainText("It has ended");
  await expect(item(/^Stop/)).toBeDisabled();
  await item(/^Stop/).click({ force: true });
  await expect(item(/^Delete/)).toBeEnabled();
  await page.keyboard.press("Escape");
  expect(engine.stopsAsked).toEqual([false]);
});

test("a session's menu offers to force a stop that takes long", async ({ tinsmith, engine, page }) => {
  await page.clock.install();
  engine.holdStops();
  await engine.beginRun();
  const item = await openMenu(tinsmith, "make test");
  await item("Stop").click();
  await expect.poll(() => engine.stopsAsked).toEqual([false]);
  await page.clock.fastForward(11_000);
  await openMenu(tinsmith, "make test");
  await item("Force it to end").click();
  await expect.poll(() => engine.stopsAsked).toEqual([false, true]);
  await openMenu(tinsmith, "make test");
  await expect(item(/^Stop/)).toContainText("It has ended");
});

test("while a run shuts down, nothing else is asked of its guest, by button or palette", async ({
  tinsmith,
  engine,
  page,
}) => {
  engine.holdStops();
  const run = await engine.beginRun();
  run.join({ files: {}, shell: async () => true });
  const view = await RunPage.open(tinsmith, "make test");
  await view.button("Stop").focus();
  await page.keyboard.press("Enter");
  await expect(view.button("Stopping…")).toBeDisabled();
  await expect(view.button("Stopping…")).toBeFocused();
  await expect(view.button("Kill task")).toBeDisabled();
  await page.keyboard.press("Control+k");
  for (const title of ["Open a shell in the guest", "List the guest's files", "Kill the task…"])
    await expect(tinsmith.dialog.getByRole("option", { name: title })).toContainText("It is shutting down");
});

test("the palette says of each command that is about a session why there is none", async ({
  tinsmith,
  page,
}) => {
  await tinsmith.isUsable();
  await page.keyboard.press("Control+k");
  const option = (name: string) => tinsmith.dialog.getByRole("option", { name });
  for (const title of ["Action log", "Open a shell in the guest"])
    await expect(option(title)).toContainText("No image has been run yet");
  await expect(option("Export a session for a bug report…")).toContainText("There is no session yet");
  await expect(option("Run the worker image…")).toContainText("The image set has no worker image yet");
  for (const title of ["Action log", "Export a session for a bug report…", "Run the worker image…"])
    await expect(option(title)).toBeDisabled();
});

test("an archive's menu says why it can't be rebuilt, and that its build is no longer there", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  const worker = tinsmith.slot("microcore", "Worker image");
  await expect(worker).toContainText("50.0 MB");
  await worker.getByRole("button", { name: /More for/ }).click();
  const item = (name: string) => page.getByRole("menuitem", { name });
  await expect(item("Rebuild")).toBeEnabled();
  await expect(item("Show its build")).toBeDisabled();
  await expect(item("Show its build")).toContainText("Its session was deleted");
});

test("a session's id is shown in its tab, and copied from there and from its menu", async ({
  tinsmith,
  engine,
  page,
}) => {
  const run = await engine.beginRun();
  const build = await engine.begin("Worker image tinycore", "/a");
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  for (const [{ id }, text] of [
    [run.session, "make test"],
    [build.session, "Worker image"],
  ] as const) {
    await page.keyboard.press("Control+2");
    await page.locator(".session-open", { hasText: text }).click();
    const button = page.getByRole("button", { name: `Copy session id ${id}` });
    await expect(button).toHaveText(id);
    await button.click();
    await expect(tinsmith.notices.last()).toContainText("The session's id is on the clipboard.");
    expect(await clipboard()).toBe(id);
  }
  const item = await openMenu(tinsmith, "make test");
  await item("Copy its id").click();
  await expect.poll(clipboard).toBe(run.session.id);
});

test("of several sessions that are deleted, one that is gone already is passed over", async ({
  tinsmith,
  engine,
  page,
}) => {
  const first = await engine.beginRun({ command: ["sh", "-c", "one"] });
  const second = await engine.beginRun({ command: ["sh", "-c", "two"] });
  for (const run of [first, second]) await run.finish("success");
  await tinsmith.showTab("Sessions");
  await expect(page.locator(".session", { hasText: "Succeeded" })).toHaveCount(2);
  for (const name of ["one", "two"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Delete 2 sessions…" }).click();
  const folderOf = ({ session }: ScriptedRun) => sessionPaths(engine.paths, session.id).folder;
  rmSync(folderOf(first), { recursive: true });
  await expect(page.locator(".session")).toHaveCount(1);
  await tinsmith.dialog.getByRole("button", { name: "Delete 2 sessions" }).dblclick();
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.errors).toHaveCount(0);
  expect(existsSync(folderOf(second))).toBe(false);
});
