import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

/** X's numbers of keys. */
const keys = { shift: "ffe1", altgr: "fe03", control: "ffe3", alt: "ffe9" } as const;

test("the guest's picture is there, scaled to the panel or pixel for pixel", async ({ tinsmith, engine }) => {
  await openScriptedScreen(tinsmith, engine);
  const width = async () => (await tinsmith.screenCanvas.boundingBox())?.width ?? 0;
  const natural = await tinsmith.screenCanvas.evaluate((canvas: HTMLCanvasElement) => canvas.width);
  await expect.poll(width).not.toBe(natural);
  await tinsmith.screen.getByRole("button", { name: "Scale to the panel" }).click();
  await expect.poll(width).toBe(natural);
});

test("what is typed reaches the guest; Ctrl+Alt leaves the screen, and then Tab goes on", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.screenCanvas.click();
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  await expect.poll(() => machine.done).toEqual(["+61", "-61", "+ffe3", "+6b", "-6b", "-ffe3"]);
  await expect(tinsmith.dialog).toBeHidden();
  await page.keyboard.down("Control");
  await page.keyboard.down("Alt");
  await page.keyboard.up("Alt");
  await page.keyboard.up("Control");
  await expect(tinsmith.screen.getByRole("button", { name: "Power" })).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(tinsmith.dialog).toBeVisible();
});

test("a key that is elsewhere on the guest's keyboard is pressed there, with what it needs", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine, "de");
  await tinsmith.screenCanvas.click();
  // Shift+2 on this keyboard, AltGr+Q on a German one.
  await page.keyboard.down("Shift");
  await page.keyboard.press("@");
  await page.keyboard.up("Shift");
  const { shift, altgr } = keys;
  await expect
    .poll(() => machine.done)
    .toEqual([`+${shift}`, `-${shift}`, `+${altgr}`, "+40", "-40", `-${altgr}`, `+${shift}`, `-${shift}`]);
});

test("a screen that is read only takes neither keys nor the clipboard, but shows", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.screen.getByRole("button", { name: "Read only" }).click();
  await tinsmith.screenCanvas.click();
  await page.keyboard.press("a");
  await expect(tinsmith.screen.getByRole("button", { name: "Type the clipboard's text" })).toBeDisabled();
  await tinsmith.screen.getByRole("button", { name: "Read only" }).click();
  await tinsmith.screenCanvas.click();
  await page.keyboard.press("b");
  await expect.poll(() => machine.done).toEqual(["+62", "-62"]);
});

test("the clipboard's text is typed; an empty clipboard is said", async ({ tinsmith, engine, page }) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  const copy = (text: string) => page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await copy("one\ntwo");
  await tinsmith.screen.getByRole("button", { name: "Type the clipboard's text" }).click();
  await expect.poll(() => machine.done).toEqual(["type one\ntwo"]);
  await copy("");
  await tinsmith.screen.getByRole("button", { name: "Type the clipboard's text" }).click();
  await expect(tinsmith.errors).toContainText("no text in the clipboard");
});

test("menus press keys, pause and resume, and ask before a guest loses something", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.chooseOnScreen("Keys", "Press Ctrl+Alt+F2");
  await tinsmith.chooseOnScreen("Power", "Pause");
  await expect(tinsmith.screen).toContainText("Paused");
  await tinsmith.screen.getByRole("button", { name: "Power" }).click();
  await expect(page.getByRole("menuitem", { name: "Power off" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await tinsmith.chooseOnScreen("Power", "Resume");
  await tinsmith.chooseOnScreen("Power", "Reset…");
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await tinsmith.chooseOnScreen("Power", "Pull the plug…");
  await tinsmith.dialog.getByRole("button", { name: "Pull the plug" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(machine.done).toEqual(["press ctrl alt f2", "paused", "running", "kill"]);
});

test("a CD is inserted by its path, shown in the menu, and ejected", async ({ tinsmith, engine, page }) => {
  await openScriptedScreen(tinsmith, engine);
  await tinsmith.chooseOnScreen("CD", "Insert a CD…");
  await tinsmith.dialog.getByLabel("ISO or folder").fill(engine.workspace);
  await tinsmith.dialog.getByRole("button", { name: "Insert" }).click();
  await tinsmith.screen.getByRole("button", { name: "CD" }).click();
  await expect(page.getByRole("menu")).toContainText(engine.workspace);
  await page.getByRole("menuitem", { name: "Eject the CD", exact: true }).click();
  await tinsmith.screen.getByRole("button", { name: "CD" }).click();
  await expect(page.getByRole("menu")).toContainText("The drive is empty");
});

test("each is a command of the palette too, while the screen is the panel that is worked in", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.screen.getByRole("button", { name: "Power" }).focus();
  await tinsmith.command("Press Ctrl+Alt+Delete");
  await expect.poll(() => machine.done).toEqual(["press ctrl alt delete"]);
  await tinsmith.showTab(/^Serial/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Ctrl+Alt+Delete");
  await expect(tinsmith.dialog).toContainText("No command of that name");
});

test("a screenshot is a PNG file of what is shown", async ({ tinsmith, engine, page }) => {
  await openScriptedScreen(tinsmith, engine);
  const download = page.waitForEvent("download");
  await tinsmith.screen.getByRole("button", { name: "Save a screenshot" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/-screen-\d{8}T\d{6}\.png$/);
  expect(
    readFileSync(await file.path())
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
});

test("full screen has the bar and its menus", async ({ tinsmith, engine, page }) => {
  await openScriptedScreen(tinsmith, engine);
  await tinsmith.screen.getByRole("button", { name: "Full screen" }).click();
  await expect(tinsmith.screen.getByRole("button", { name: "Leave the full screen" })).toBeVisible();
  await tinsmith.chooseOnScreen("Power", "Reset…");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await tinsmith.screen.getByRole("button", { name: "Leave the full screen" }).click();
  await expect(tinsmith.screen.getByRole("button", { name: "Full screen" })).toBeVisible();
});

test("a lost connection is opened again; a machine that ends is said, and the last screen stays", async ({
  tinsmith,
  engine,
}) => {
  const { build, machine } = await openScriptedScreen(tinsmith, engine);
  await engine.cutConnections();
  await tinsmith.screenShows();
  machine.end();
  await expect(tinsmith.screen).toContainText("No virtual machine now");
  copyFileSync(join(import.meta.dirname, "screen.png"), build.session.paths.screenshot);
  await build.fail({ code: "build-failed", message: "it failed" });
  await expect(tinsmith.screen.getByAltText("What the screen showed last")).toBeVisible();
});
