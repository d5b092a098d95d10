import { join } from "node:path";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("every command has its place in the palette, and works from the keyboard alone", async ({
  tinsmith,
  page,
}) => {
  await page.keyboard.press("Control+k");
  const titles = await tinsmith.dialog.getByRole("option").allTextContents();
  expect(titles.length).toBeGreaterThan(10);
  await page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await tinsmith.command("Dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+2");
  await expect(page.getByText("No sessions yet")).toBeVisible();
});

test("there is a way out of a console by key, and into the next panel", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await engine.begin("Worker image microcore", "/a");
  await tinsmith.command("Sessions");
  await page.getByRole("button", { name: /^Running/ }).click();
  await tinsmith.showTab(/^Serial/);
  await tinsmith.typeIntoSerial("\t");
  await expect.poll(() => build.typed()).toBe("\t");
  await page.keyboard.press("Control+Shift+P");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.type("Send a break");
  await expect(tinsmith.dialog.getByRole("option", { name: "Send a break" })).toBeVisible();
  await page.keyboard.press("Escape");
  await tinsmith.serial.locator(".xterm-screen").click();
  await page.keyboard.press("F6");
  await expect(tinsmith.serial.locator(":focus")).toHaveCount(0);
  await page.keyboard.press("Shift+F6");
  await expect(tinsmith.serial.locator(".xterm-helper-textarea")).toBeFocused();
  expect(build.typed()).toBe("\t");
});

test("the keyboard's focus can be seen wherever it is", async ({ tinsmith, page }) => {
  void tinsmith;
  const seen = new Set<string>();
  for (let presses = 0; presses < 25; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
      const isVisible = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      return { name, isVisible };
    });
    if (!focused) continue;
    seen.add(focused.name);
    expect(focused, focused.name).toMatchObject({ isVisible: true });
  }
  expect(seen.size).toBeGreaterThan(10);
});

test.describe("who wants no motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("gets none", async ({ tinsmith, engine, page }) => {
    await tinsmith.rebuild("worker");
    await expect(tinsmith.build.getByRole("button", { name: "Cancel" })).toBeVisible();
    engine.started.at(-1)?.start("boot");
    await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Boot" })).toBeVisible();
    await expect
      .poll(() =>
        page.evaluate(() => document.getAnimations().map((one) => one.effect?.getTiming().duration)),
      )
      .toEqual([]);
  });
});

test("a key that is held down starts one build, by its shortcut and by a button", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "tinycore/tinycore-setup.tar.lz4"));
  await expect(tinsmith.slot("tinycore", "Setup image")).toContainText("50.0 MB");
  await tinsmith.library.getByRole("button", { name: /^microcore/ }).click();
  await page.keyboard.down("Control");
  await page.keyboard.down("Shift");
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.down("B");
  await page.keyboard.up("B");
  await page.keyboard.up("Shift");
  await page.keyboard.up("Control");
  await expect.poll(() => engine.started.length).toBe(1);
  await tinsmith.library.getByRole("button", { name: /^tinycore/ }).click();
  await tinsmith.toolbar.getByRole("button", { name: "Rebuild worker" }).focus();
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await expect.poll(() => engine.started.length).toBe(2);
  await tinsmith.command("Sessions");
  await expect(page.locator(".session")).toHaveCount(2);
  expect(engine.started.length).toBe(2);
});

test("Ctrl+1 and Ctrl+2 go into the lists, and the arrow keys from row to row", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.begin("Worker image microcore", "/a");
  await engine.begin("Worker image tinycore", "/b");
  // The list of sessions has them by then.
  await expect(page.getByText("2 running")).toBeVisible();
  await tinsmith.library.getByRole("button", { name: /^tinycore/ }).click();
  await tinsmith.toolbar.getByRole("button", { name: "Settings" }).focus();
  await page.keyboard.press("Control+1");
  await expect(page.locator(".set-chosen .set-name")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(tinsmith.library.getByRole("button", { name: "New image set" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(tinsmith.library.getByRole("button", { name: /^microcore/ })).toBeFocused();
  await page.keyboard.press("Control+2");
  const rows = page.locator(".session-open");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(rows.first()).toBeFocused();
});

test("the focus comes back after a dialog that a menu or the palette has opened", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  const more = tinsmith.slot("microcore", "Worker image").getByRole("button", { name: /More for/ });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rebuild" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: /^Delete/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  const set = tinsmith.library.getByRole("button", { name: /^tinycore/ });
  await set.focus();
  await tinsmith.command("Settings");
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(set).toBeFocused();
});

test("all keys are on one page, which can be searched", async ({ tinsmith }) => {
  await tinsmith.command("Keyboard shortcuts");
  await expect(tinsmith.dialog.getByText("Ctrl+Shift+B")).toBeVisible();
  await tinsmith.dialog.getByRole("searchbox").fill("library");
  await expect(tinsmith.dialog.getByText("Ctrl+1")).toBeVisible();
  await expect(tinsmith.dialog.getByText("Ctrl+Shift+B")).toBeHidden();
  await tinsmith.dialog.getByRole("searchbox").fill("no such key");
  await expect(tinsmith.dialog).toContainText("No keyboard shortcut matches");
});

test("a console tells a screen reader what it prints, where that is set", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.begin("Worker image microcore", "/a");
  await tinsmith.command("Sessions");
  await page.getByRole("button", { name: /^Running/ }).click();
  await tinsmith.showTab(/^Serial/);
  await expect(tinsmith.serial.locator(".xterm-screen")).toBeVisible();
  await expect(tinsmith.serial.locator(".xterm-accessibility")).toHaveCount(0);
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.type("Settings");
  await page.keyboard.press("Enter");
  await tinsmith.dialog.getByLabel("Screen reader support in consoles and shells").check();
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(tinsmith.serial.locator(".xterm-accessibility")).toHaveCount(1);
});

test("a shell and the terminal of the host's commands tell a screen reader what they print, too", async ({
  tinsmith,
  engine,
}) => {
  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Screen reader support in consoles and shells").check();
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async ({ input, print }) => {
      await print("ready for you");
      for await (const _ of input);
      return true;
    },
  });
  const view = await RunPage.open(tinsmith, "make test");
  const shell = await view.openShell();
  await expect(shell.locator(".xterm-accessibility")).toContainText("ready for you");
  await tinsmith.rebuild("worker");
  await expect.poll(() => engine.started.length).toBe(1);
  await engine.started[0]?.runOnHost("build.sh", "echo compiled");
  await expect(tinsmith.hostTerminal.locator(".xterm-accessibility")).toContainText("compiled");
});
