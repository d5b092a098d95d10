import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseMachine } from "../../../shared/machine/machine.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { EditorPage } from "../editor-page.ts";
import { expect, test } from "../fixtures.ts";
import { machine, openMachine } from "../open-machine.ts";

test("completion offers the values of a key, and the keys that are not there", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { editor } = await openMachine(tinsmith, engine);
  await editor.cursorAfter('"none');
  await page.keyboard.press("Control+Space");
  const list = page.getByRole("listbox");
  await expect(list.getByRole("option")).toHaveText(['"none"']);
  await page.keyboard.press("Backspace");
  for (let count = 0; count < 3; count += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("AC");
  await expect(list.getByRole("option", { name: '"AC97"' })).toBeVisible();
  // A list that has just opened takes no Enter for 75 ms, for people who type fast.
  await letTimePass(100);
  await page.keyboard.press("Enter");
  await expect.poll(() => editor.text()).toContain('"sound":    "AC97"');

  await editor.cursorAfter('"memory": 512,');
  await page.keyboard.press("Enter");
  await page.keyboard.type('"mou');
  await list.getByRole("option", { name: "mouse" }).click();
  await list.getByRole("option", { name: '"PS/2"' }).click();
  await expect.poll(() => editor.text()).toContain('"mouse": "PS/2"');
});

test("resting on a key shows what it means", async ({ tinsmith, engine, page }) => {
  const { editor } = await openMachine(tinsmith, engine);
  await editor.code.getByText('"keyboardLayout"').hover();
  await expect(page.locator(".code-help")).toHaveText(
    `Keyboard layout. Maps typed characters to the guest's key codes. Default: "en-us".`,
  );
});

test("several issues are shown at once, each at its place, and lead there", async ({
  tinsmith,
  engine,
  page,
}) => {
  const text = '{\n  "version": 1,\n  "sound": "AC98",\n  "memry": 512,\n  "threads": 0\n}\n';
  const { editor } = await openMachine(tinsmith, engine, text);
  await expect(editor.issues).toHaveText([
    /^3:12sound is "AC98": must be one of none, AC97.*did you mean AC97\?$/,
    "4:3memry is 512: unknown key; did you mean memory?",
    "5:14threads is 0: must be a whole number from 1 to 255",
  ]);
  await expect(editor.code.locator(".cm-lintRange-error")).toHaveText(['"AC98"', '"memry"', "0"]);
  await expect(editor.form.getByLabel("Threads")).toHaveAccessibleDescription(/must be a whole number/);
  await editor.issues.nth(1).click();
  await page.keyboard.type('"memory"');
  await expect(editor.issues).toHaveCount(2);
});

test("the form changes one value, and leaves the rest of the text as it is", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  await expect(editor.form.getByLabel("Layout")).toHaveValue("da");
  await editor.form.getByLabel("Layout").selectOption("de");
  await editor.form.getByLabel("Memory").fill("1024");
  await page.keyboard.press("Enter");
  const changed = machine.replace('"da"', '"de"').replace("512", "1024");
  await expect.poll(() => editor.text()).toBe(changed);
  await editor.form.getByLabel("Graphics").selectOption("VGA");
  await editor.form.getByLabel("Sound").selectOption("none (default)");
  await editor.save();
  expect(readFileSync(path, "utf8")).toBe(
    changed
      .replace('    "sound":    "none",\n', "")
      .replace('"usb": "nec-usb-xhci"', '"usb": "nec-usb-xhci", "graphics": "VGA"'),
  );
});

test("undo and redo go through what was done in the form and in the text", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { editor } = await openMachine(tinsmith, engine);
  await editor.form.getByLabel("Layout").selectOption("de");
  await editor.cursorAfter('"memory": 512');
  await page.keyboard.type("0");
  await editor.form.getByLabel("Network").selectOption("rtl8139");
  await expect(editor.form.getByLabel("Memory")).toHaveValue("5120");
  await page.keyboard.press("Control+z");
  await expect(editor.form.getByLabel("Network")).toHaveValue("");
  await editor.button("Undo").click();
  await expect(editor.form.getByLabel("Memory")).toHaveValue("512");
  await editor.button("Undo").click();
  await expect.poll(() => editor.text()).toBe(machine);
  await expect(editor.unsavedMark).toBeHidden();
  await expect(editor.button("Undo")).toBeDisabled();
  await editor.button("Redo").click();
  await expect(editor.form.getByLabel("Layout")).toHaveValue("de");
});

test("a new UUID and a new MAC address are valid, and in their place", async ({ tinsmith, engine, page }) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  await editor.button("New identity").click();
  await page.getByRole("menuitem", { name: "New UUID" }).click();
  await tinsmith.command("New MAC address in microcore/machine.json");
  await expect.poll(() => editor.text()).toContain('"mac"');
  await editor.save();
  const saved = readFileSync(path, "utf8");
  const { uuid, mac } = parseMachine(saved);
  expect([uuid, mac]).not.toContain(parseMachine('{"version": 1}').uuid);
  expect(saved.replace(`    "uuid": "${uuid}",\n`, "").replace(`, "mac": "${mac}"`, "")).toBe(machine);
});

test("format sets the lines in order, and keeps the keys in theirs", async ({ tinsmith, engine }) => {
  const { editor } = await openMachine(tinsmith, engine);
  await editor.button("Format").click();
  await expect
    .poll(() => editor.text())
    .toBe(
      '{\n    "version": 1,\n    "sound": "none",\n    "memory": 512,\n    "keyboardLayout": "da",\n    "usb": "nec-usb-xhci"\n}\n',
    );
});

test("a definition of version 0 is migrated when the person has seen what changes", async ({
  tinsmith,
  engine,
}) => {
  const path = join(engine.workspace, "tinycore/machine.json");
  const before = readFileSync(path, "utf8");
  const editor = await EditorPage.open(tinsmith, "tinycore", "machine.json");
  await expect(editor.form).toContainText("The form is for definitions of version 1");
  await editor.button("Migrate to version 1…").first().click();
  const diff = editor.section.getByRole("region", { name: "Version 0 and Version 1" });
  await expect(diff.locator(".cm-merge-b")).toContainText('"graphics": "vmware-svga"');
  await expect(diff.locator(".cm-merge-a .cm-changedLine").first()).toBeVisible();
  await editor.button("Cancel").click();
  await expect(editor.unsavedMark).toBeHidden();
  await tinsmith.command("Migrate tinycore/machine.json");
  await editor.button("Migrate").click();
  await expect(editor.form.getByLabel("Graphics")).toHaveValue("vmware-svga");
  await editor.save();
  const after = readFileSync(path, "utf8");
  expect(after).toContain('  "version": 1,\n');
  expect(parseMachine(after)).toEqual(parseMachine(before));
});

test("the command line follows the definition, and says what this host puts in the place of something", async ({
  tinsmith,
  engine,
}) => {
  const { editor } = await openMachine(tinsmith, engine);
  await expect(editor.commandLine).toContainText("-k da", { timeout: 20_000 });
  await expect(editor.commandLine).toContainText("-m size=512M");
  await editor.form.getByLabel("Layout").selectOption("nl-be");
  await expect(editor.commandLine.getByRole("list")).toContainText("This QEMU has no keyboard layout nl-be");
  await editor.form.getByLabel("Memory").fill("much");
  await editor.form.getByLabel("Cores").focus();
  await expect(editor.commandLine).toContainText("as it was before the issues");
  await editor.form.getByLabel("Memory").fill("1000000");
  await editor.form.getByLabel("Cores").focus();
  await expect(editor.commandLine).toContainText("needs 1000000 MiB of memory");
});
