import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import { machine, openMachine } from "./open-machine.ts";
import { seriousIssues } from "./serious-issues.ts";

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

test("a file of install steps is helped with and checked as the builds read it", async ({
  tinsmith,
  engine,
  page,
}) => {
  const editor = await EditorPage.open(tinsmith, "tinycore", "core.steps.yaml");
  await expect(editor.issues).toHaveText([]);
  await editor.write("note: Tried.\ninstall:\n  - {wait: x, timoeut: 3}\n");
  await expect(editor.issues).toHaveText(["3:15install.0.timoeut is 3: unknown key; did you mean timeout?"]);
  await expect(editor.code.locator(".cm-lintRange-error")).toHaveText(["timoeut"]);
  await editor.write("install: [{wait: x}]\n");
  await page.keyboard.type("boot");
  await page.getByRole("listbox").getByRole("option", { name: "bootEntry" }).click();
  await editor.save();
  expect(readFileSync(join(engine.workspace, "tinycore/core.steps.yaml"), "utf8")).toBe(
    "install: [{wait: x}]\nbootEntry: ",
  );
});

test("saving a script makes the worker image stale", async ({ tinsmith, engine, page }) => {
  for (const image of ["setup", "worker"])
    await engine.leaveArchive(join(engine.workspace, `tinycore/tinycore-${image}.tar.lz4`));
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

test("a carriage return in the middle of a line is shown by its name", async ({ tinsmith, engine }) => {
  writeFileSync(join(engine.workspace, "microcore/recipe.yaml"), "size: 1 # a\rb\n");
  const editor = await EditorPage.open(tinsmith, "microcore", "recipe.yaml");
  const shown = editor.code.locator(".cm-specialChar");
  await expect(shown).toHaveText("CR");
  await expect(shown).toHaveAttribute("title", "Control character carriage return");
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
