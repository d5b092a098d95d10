import { keepWindowState } from "../../core/app/settings/window-state-store.ts";
import { expect, test } from "./fixtures.ts";
import { openRun, tabTitles } from "./session-tabs.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

test("a session is one tab, named by its command, with its parts inside; equal names have a number", async ({
  tinsmith,
  engine,
}) => {
  await openRun(tinsmith, engine, "make test");
  await openRun(tinsmith, engine, "uname -a");
  const titles = await tabTitles(tinsmith);
  expect(titles).toEqual([
    "Library",
    "Sessions",
    "make test",
    "uname -a",
    "Log",
    "Serial",
    "Screen",
    "Files",
    "Action log",
  ]);
  await engine.beginRun({ command: ["sh", "-c", "uname -a"] });
  await expect(tinsmith.page.locator(".session", { hasText: "uname -a" })).toHaveCount(2);
  await tinsmith.page.locator(".session-open", { hasText: "uname -a" }).first().click();
  await expect(tinsmith.tabs("uname -a 2")).toBeVisible();
});

test("a tab has a menu, by the pointer and by key; the middle button closes", async ({
  tinsmith,
  engine,
  page,
}) => {
  const ended = await openRun(tinsmith, engine, "make test");
  await openRun(tinsmith, engine, "uname -a");
  await openRun(tinsmith, engine, "ls -l");
  await ended.run.finish("success");
  await expect(page.locator(".session", { hasText: "make test" })).toContainText("Succeeded");
  await tinsmith.tabs("ls -l").first().click({ button: "middle" });
  await expect(tinsmith.tabs("ls -l")).toHaveCount(0);
  await tinsmith.tabs("uname -a").first().focus();
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Show in the list of sessions" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tinsmith.tabs("uname -a").first()).toBeFocused();
  await tinsmith.chooseOnTab("uname -a", "Close ended sessions");
  await expect(tinsmith.tabs("make test")).toHaveCount(0);
  await tinsmith.chooseOnTab("uname -a", "Show in the list of sessions");
  await expect(page.locator(".session-open", { hasText: "uname -a" })).toBeFocused();
  await tinsmith.command("Doctor");
  await tinsmith.chooseOnTab("Doctor", "Close other tabs");
  await expect(tinsmith.tabs("uname -a")).toHaveCount(0);
  await expect(tinsmith.tabs("Doctor")).toBeVisible();
});

test("the next run is arranged as the last one was, and all of it is there after a reload", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openRun(tinsmith, engine, "make test");
  await tinsmith.chooseOnTab(/^Serial$/, "Split down");
  await expect(tinsmith.serial).toBeVisible();
  const { view } = await openRun(tinsmith, engine, "uname -a");
  await expect(tinsmith.serial).toBeVisible();
  await expect(view.log).toBeVisible();
  await page.reload();
  await expect(tinsmith.tabs("make test")).toBeVisible();
  await expect(view.log).toContainText("log of uname -a");
  await expect(tinsmith.serial).toBeVisible();
  await page.setViewportSize({ width: 1000, height: 700 });
  const right = () => view.exchanges.evaluate((section) => section.getBoundingClientRect().right);
  await expect.poll(right).toBeLessThanOrEqual(1000);
});

for (const [what, layout] of Object.entries({
  damaged: '{"grid":',
  empty: "",
  "of a later version": '{"version":99,"window":{"grid":1}}',
  "without a panel":
    '{"version":2,"window":{"grid":{"root":{"type":"branch","data":[]},"width":1,"height":1,"orientation":"HORIZONTAL"},"panels":{}}}',
}))
  test(`a layout that is ${what} gives way to the first one`, async ({ engine, page }) => {
    keepWindowState(engine.paths, { layout });
    const tinsmith = new TinsmithPage(page);
    await tinsmith.open(engine.newLink());
    for (const name of ["Library", "Sessions"]) await expect(tinsmith.tabs(name)).toBeVisible();
    await tinsmith.command("Doctor");
    await expect(tinsmith.tabs("Doctor")).toBeVisible();
    await expect(tinsmith.errors).toHaveCount(0);
  });

test("the status bar opens the library and the sessions again", async ({ tinsmith, page }) => {
  for (const name of ["Library", "Sessions"]) {
    await tinsmith.tabs(name).getByTitle("Close").click();
    await expect(tinsmith.tabs(name)).toHaveCount(0);
  }
  const bar = page.locator(".status-bar");
  await bar.getByRole("button", { name: "Library" }).click();
  await tinsmith.isUsable();
  await bar.getByRole("button", { name: /running/ }).click();
  await expect(tinsmith.tabs("Sessions")).toBeVisible();
});

test("a session opens as the first of its kind if the stored arrangement is damaged", async ({
  engine,
  page,
}) => {
  keepWindowState(engine.paths, { layout: '{"version":2,"window":null,"sessions":{},"kinds":{"run":{}}}' });
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  await openRun(tinsmith, engine, "make test");
  await expect(tinsmith.tabs(/^(Log|Serial|Screen|Files|Action log)$/)).toHaveCount(5);
  await expect(tinsmith.errors).toHaveCount(0);
});

test("the list of sessions says how each goes, is searched, and deletes several", async ({
  tinsmith,
  engine,
  page,
}) => {
  for (const command of ["make test", "uname -a", "make install"])
    await (await engine.beginRun({ command: ["sh", "-c", command] })).finish("success");
  await engine.beginRun({ command: ["sh", "-c", "make all"] });
  await tinsmith.showTab("Sessions");
  const rows = page.locator(".session");
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText("make all");
  await expect(rows.first()).toContainText("Running");
  await expect(page.locator(".sessions-retention")).toContainText("The 50 newest sessions are kept");
  await page.getByLabel("Search sessions").fill("make");
  await expect(rows).toHaveCount(3);
  await page.locator(".session-open", { hasText: "make test" }).click({ modifiers: ["Control"] });
  await page.locator(".session-open", { hasText: "make install" }).click({ modifiers: ["Control"] });
  await page.getByRole("button", { name: "Delete 2 sessions…" }).click();
  await expect(tinsmith.dialog).toContainText("Delete 2 sessions?");
  await expect(tinsmith.dialog).toContainText("Their logs and action logs are deleted, which frees");
  await tinsmith.dialog.getByRole("button", { name: "Delete 2 sessions" }).click();
  // Nothing else takes an input before.
  await expect(tinsmith.dialog).toBeHidden();
  await page.getByLabel("Search sessions").fill("");
  await expect(rows).toHaveCount(2);
});

test("the tab in front stays in sight when the window becomes narrower", async ({
  tinsmith,
  engine,
  page,
}) => {
  for (const name of ["first", "second", "third", "fourth"])
    await openRun(tinsmith, engine, `make the ${name} thing`);
  const tab = tinsmith.tabs("make the fourth thing").first();
  await expect(tab).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 700, height: 700 });
  await expect(tab).toBeInViewport({ ratio: 0.99 });
});
