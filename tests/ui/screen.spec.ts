import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guestBehind } from "../../core/vm/test-guest-behind.ts";
import { expect, test } from "./fixtures.ts";
import { openScriptedScreen, type ScriptedMachine, startScriptedMachine } from "./scripted-screen.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** X's numbers of keys. */
const keys = { shift: "ffe1", altgr: "fe03", control: "ffe3", alt: "ffe9" } as const;

/** The keys that are down in the guest. */
function keysHeld({ done }: ScriptedMachine): readonly string[] {
  const held = new Set<string>();
  for (const [sign = "", ...key] of done) sign === "+" ? held.add(key.join("")) : held.delete(key.join(""));
  return [...held];
}

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

test("a key goes up in the guest at once, so that a late message does not have the guest repeat it", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.screenCanvas.click();
  await page.keyboard.down("m");
  await expect.poll(() => machine.done).toEqual(["+6d", "-6d"]);
  await page.keyboard.down("m");
  await expect.poll(() => machine.done).toEqual(["+6d", "-6d", "+6d", "-6d"]);
  await page.keyboard.down("Enter");
  await expect.poll(() => machine.done.slice(4)).toEqual(["+ff0d", "-ff0d"]);
});

const leavings: Readonly<Record<string, (tinsmith: TinsmithPage) => Promise<void>>> = {
  "by the keys that leave it": async ({ page }) => {
    await page.keyboard.down("Alt");
    await page.keyboard.up("Alt");
  },
  "by a click elsewhere": ({ toolbar }) => toolbar.click(),
  "for another panel": (tinsmith) => tinsmith.showTab(/^Serial/),
  "for a dialog": async ({ page, screen }) => {
    await screen.getByRole("button", { name: "Power" }).dispatchEvent("pointerdown", { button: 0 });
    await page.getByRole("menuitem", { name: "Reset…" }).dispatchEvent("click");
  },
  "to make it read only": ({ screen }) => screen.getByRole("button", { name: "Read only" }).click(),
  "as its window loses the focus": async ({ page }) => {
    await page.evaluate(() => window.dispatchEvent(new FocusEvent("blur")));
  },
  "by a reload": async ({ page }) => void (await page.reload()),
};

for (const [how, leave] of Object.entries(leavings))
  test(`no key stays down in the guest when the screen is left ${how}`, async ({
    tinsmith,
    engine,
    page,
  }) => {
    const { machine } = await openScriptedScreen(tinsmith, engine);
    await tinsmith.screenCanvas.click();
    await page.keyboard.down("Shift");
    await page.keyboard.down("Control");
    await expect.poll(() => keysHeld(machine)).toEqual([keys.shift, keys.control]);
    await leave(tinsmith);
    await expect.poll(() => keysHeld(machine)).toEqual([]);
  });

test("the screen takes the keyboard when its machine boots, but not from a dialog", async ({
  tinsmith,
  engine,
  page,
}) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await tinsmith.showTab(/^Screen/);
  await expect(tinsmith.screen).toContainText("No virtual machine now");
  const first = await startScriptedMachine(build.session);
  await expect(tinsmith.screenCanvas).toBeFocused();
  first.end();
  await expect(tinsmith.screen).toContainText("No virtual machine now");
  await page.keyboard.press("Control+k");
  const second = await startScriptedMachine(build.session);
  // A dialog hides the rest of the window from all but the eyes.
  await expect(page.locator(".screen canvas")).toBeVisible();
  await page.keyboard.type("Doctor");
  await expect(tinsmith.dialog.getByRole("option", { name: "Doctor" })).toBeVisible();
  expect(second.done).toEqual([]);
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
  await expect(page.getByRole("menuitem", { name: "Shut down" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await tinsmith.chooseOnScreen("Power", "Resume");
  await tinsmith.chooseOnScreen("Power", "Reset…");
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await tinsmith.chooseOnScreen("Power", "Force off…");
  await tinsmith.dialog.getByRole("button", { name: "Force off VM" }).click();
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
  await expect(tinsmith.dialog).toContainText("No matching command");
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
  await expect(tinsmith.screen.getByRole("button", { name: "Leave full screen" })).toBeVisible();
  await tinsmith.chooseOnScreen("Power", "Reset…");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await tinsmith.screen.getByRole("button", { name: "Leave full screen" }).click();
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
  await expect(tinsmith.screen.getByAltText("The last screen of the guest")).toBeVisible();
});

test("a session that has left no picture of its screen says so, without a request that fails", async ({
  tinsmith,
  engine,
  page,
}) => {
  const failed: string[] = [];
  page.on("response", (response) => {
    if (!response.ok()) failed.push(`${response.status()} ${response.url()}`);
  });
  const { build, machine } = await openScriptedScreen(tinsmith, engine);
  machine.end();
  await build.fail({ code: "build-failed", message: "it failed" });
  await expect(tinsmith.screen).toContainText("There is no picture of its last screen");
  expect(failed).toEqual([]);
});

test("after a pause, the guest's clock is said to be behind, and set by one click", async ({
  tinsmith,
  engine,
}) => {
  const { build, machine } = await openScriptedScreen(tinsmith, engine);
  const cannot = () => Promise.reject(new Error("the test has no script for this"));
  const others = { listFolder: cannot, getArtifact: cannot, killProcess: cannot, performComposed: cannot };
  build.session.guest.provide({ ...others, repeatRequest: cannot, ...guestBehind(63).actions });
  machine.setState({ status: "running", clockBehind: 63 });
  await tinsmith.screen.getByRole("button", { name: "1 min 3 s behind: set the guest's clock" }).click();
  await expect(tinsmith.notices).toContainText("The guest's clock was set");
  await expect(tinsmith.screen.getByRole("button", { name: /behind: set/ })).toBeHidden();
  expect(machine.done).toContain("clock is right");
});

test("the packets of the network are recorded in a file of the host, until that is ended", async ({
  tinsmith,
  engine,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.chooseOnScreen("Power", "Record the network…");
  const target = join(engine.workspace, "network.pcap");
  await tinsmith.dialog.getByLabel("Save as").fill(target);
  await tinsmith.dialog.getByRole("button", { name: "Record network" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(machine.done).toContain(`record ${target}`);
  await tinsmith.chooseOnScreen("Power", "Stop recording the network");
  await expect.poll(() => machine.done).toContain("end recording");
});
