import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseMachine } from "../../shared/machine/machine.ts";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import { seriousIssues } from "./serious-issues.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** A definition as a person may have written it. */
const machine = `{
    "version": 1,
    "sound":    "none",
    "memory": 512,


    "keyboardLayout" : "da", "usb": "nec-usb-xhci"
}
`;

/** Opens a machine definition with that text. */
async function openMachine(tinsmith: TinsmithPage, engine: ScriptedEngine, text = machine) {
  const path = join(engine.workspace, "microcore/machine.json");
  writeFileSync(path, text);
  return { path, editor: await EditorPage.open(tinsmith, "microcore", "machine.json") };
}

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

test("a file that changes on disk is followed, until it is changed here too", async ({
  tinsmith,
  engine,
}) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  const theirs = machine.replace("da", "fr");
  writeFileSync(path, theirs);
  await expect.poll(() => editor.text()).toBe(theirs);
  await editor.form.getByLabel("Sound").selectOption("AC97");
  writeFileSync(path, theirs.replace("fr", "it"));
  const bar = editor.section.getByRole("alert");
  await expect(bar).toContainText("machine.json has changed on disk, and here too.");
  await editor.button("Compare versions").click();
  const diff = editor.section.getByRole("region", { name: "On disk and Here" });
  await expect(diff.locator(".cm-merge-a .cm-changedLine")).toHaveCount(2);
  await editor.button("Load disk version").click();
  await expect.poll(() => editor.text()).toBe(theirs.replace("fr", "it"));
  await expect(editor.unsavedMark).toBeHidden();
});

test("saving never writes over what somebody else has written, unless mine is to be kept", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  await editor.form.getByLabel("Sound").selectOption("AC97");
  writeFileSync(path, "theirs");
  await page.keyboard.press("Control+s");
  const bar = editor.section.getByRole("alert");
  await expect(bar).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(tinsmith.errors.first()).toContainText("has changed on disk since it was read");
  expect(readFileSync(path, "utf8")).toBe("theirs");
  await editor.button("Keep this version").click();
  await editor.save();
  expect(readFileSync(path, "utf8")).toBe(machine.replace("none", "AC97"));
  rmSync(path);
  await expect(bar).toContainText("machine.json is no longer on disk");
  await editor.button("Keep this version").click();
  await editor.save();
  expect(readFileSync(path, "utf8")).toBe(machine.replace("none", "AC97"));
});

test("a panel with something to save asks before it closes", async ({ tinsmith, engine, page }) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  await editor.form.getByLabel("Layout").selectOption("de");
  await expect(editor.unsavedMark).toBeVisible();
  await tinsmith.command("Close this panel");
  await expect(tinsmith.dialog).toContainText(`${path} has changes that are not saved`);
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(editor.code).toBeVisible();
  await editor.tab.getByTitle("Close").click();
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(editor.section).toBeHidden();
  expect(readFileSync(path, "utf8")).toBe(machine.replace("da", "de"));

  const again = await EditorPage.open(tinsmith, "microcore", "machine.json");
  await again.form.getByLabel("Layout").selectOption("it");
  await tinsmith.command("Close this panel");
  await tinsmith.dialog.getByRole("button", { name: "Discard" }).click();
  await expect(again.section).toBeHidden();
  const once = await EditorPage.open(tinsmith, "microcore", "machine.json");
  await expect(once.form.getByLabel("Layout")).toHaveValue("de");
  await expect(page.getByRole("img", { name: "Not saved" })).toBeHidden();
});

test("a reload asks while something is not saved; panels that are put back keep it", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { editor } = await openMachine(tinsmith, engine);
  await editor.form.getByLabel("Layout").selectOption("de");
  await tinsmith.command("Reset the panel layout");
  await expect(editor.form.getByLabel("Layout")).toHaveValue("de");
  await expect(editor.unsavedMark).toBeVisible();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toEqual(["beforeunload"]);
  await expect(editor.form.getByLabel("Layout")).toHaveValue("da");
  await page.reload();
  expect(asked).toHaveLength(1);
});

test("a connection that breaks keeps the text, and the file is followed again", async ({
  tinsmith,
  engine,
}) => {
  const { path, editor } = await openMachine(tinsmith, engine);
  await editor.form.getByLabel("Layout").selectOption("de");
  await engine.cutConnections();
  await expect.poll(() => editor.text()).toBe(machine.replace("da", "de"));
  writeFileSync(path, "theirs");
  await expect(editor.section.getByRole("alert")).toContainText("has changed on disk");
});

test("a recipe is helped with and checked as the builds read it", async ({ tinsmith, engine, page }) => {
  const editor = await EditorPage.open(tinsmith, "tinycore", "recipe.yaml");
  await editor.write("size: 70\nintrenet: true\ncd: [setup.sh]\n");
  await expect(editor.issues).toHaveText([
    "1:7size is 70: must be a whole number of GiB from 1 to 49",
    "2:1intrenet is true: unknown key; did you mean internet?",
  ]);
  await expect(editor.code.locator(".cm-lintRange-error")).toHaveText(["70", "intrenet"]);
  await editor.write("size: 2\n");
  await page.keyboard.type("intern");
  await page.getByRole("listbox").getByRole("option", { name: "internet" }).click();
  await page.getByRole("listbox").getByRole("option", { name: "true" }).click();
  await expect.poll(() => editor.text()).toBe("size: 2\ninternet: true");
  await editor.code.getByText("size").hover();
  await expect(page.locator(".code-help")).toHaveText("Size of the disk in GiB.");
  await editor.save();
  expect(readFileSync(join(engine.workspace, "tinycore/recipe.yaml"), "utf8")).toBe(
    "size: 2\ninternet: true",
  );
});

test("saving a script makes the worker image stale", async ({ tinsmith, engine, page }) => {
  await engine.leaveArchive(join(engine.workspace, "tinycore/tinycore-worker.tar.lz4"));
  const slot = tinsmith.slot("tinycore", "Worker image");
  await expect(slot).toContainText("Up to date");
  await tinsmith.command("Edit setup.sh of tinycore");
  const editor = new EditorPage(page, "setup.sh");
  await editor.code.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# changed");
  await editor.save();
  await expect(slot).toContainText("Stale: setup.sh changed");
});

test("a recipe that is wrong can be opened from its image set, and corrected", async ({
  tinsmith,
  engine,
}) => {
  writeFileSync(join(engine.workspace, "microcore/recipe.yaml"), "colour: red\n");
  await expect(tinsmith.library).toContainText("is not a valid recipe");
  const editor = await EditorPage.open(tinsmith, "microcore", "recipe.yaml");
  await editor.write("size: 1\n");
  await editor.save();
  await expect(tinsmith.library).not.toContainText("is not a valid recipe");
});

test("lines from Windows stay so", async ({ tinsmith, engine }) => {
  const { path, editor } = await openMachine(tinsmith, engine, machine.replaceAll("\n", "\r\n"));
  await editor.form.getByLabel("Layout").selectOption("de");
  await editor.save();
  expect(readFileSync(path, "utf8")).toBe(machine.replace("da", "de").replaceAll("\n", "\r\n"));
});

test("the editors have no serious issue for people who see or use a window differently", async ({
  tinsmith,
  engine,
  page,
}) => {
  const refused: string[] = [];
  page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
  const { editor } = await openMachine(tinsmith, engine, '{"version": 1, "sound": "AC98"}');
  const check = async (what: string) => {
    expect(await seriousIssues(page), what).toEqual([]);
  };
  await expect(editor.issues).toHaveCount(1);
  for (const theme of ["Dark theme", "Light theme"]) {
    await tinsmith.command(theme);
    await expect(page.locator("html")).toHaveAttribute(
      "data-theme",
      theme === "Dark theme" ? "dark" : "light",
    );
    await check(theme);
  }
  await editor.form.getByLabel("Sound").selectOption("AC97");
  await expect(editor.commandLine).toContainText("-k en-us", { timeout: 20_000 });
  await check("command line");
  const old = await EditorPage.open(tinsmith, "tinycore", "machine.json");
  await old.button("Migrate to version 1…").first().click();
  await check("migration");
  await EditorPage.open(tinsmith, "tinycore", "setup.sh");
  await check("script");
  // Such as a style or script that the page's policy does not allow.
  expect(refused).toEqual([]);
});
