import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import { machine, openMachine } from "./open-machine.ts";

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
