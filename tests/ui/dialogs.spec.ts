import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { leaveNewSet } from "./leave-new-set.ts";

test("a dialog that was closed before its answer came closes no newer one", async ({ tinsmith, engine }) => {
  const release = await leaveNewSet(tinsmith, "mine");
  await expect.poll(() => existsSync(join(engine.workspace, "mine/recipe.yaml"))).toBe(true);
  await expect(release).toPass();
  await expect(tinsmith.notices).toContainText("mine was created");
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
});

test("a failure that comes after its dialog was closed is still shown", async ({ tinsmith }) => {
  const release = await leaveNewSet(tinsmith, "microcore");
  await expect(release).toPass();
  await expect(tinsmith.errors).toContainText("already exists");
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
});

test("a dialog that asks before something is lost has the focus on the way back", async ({
  tinsmith,
  engine,
}) => {
  const archive = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  await engine.leaveArchive(archive);
  const more = tinsmith.slot("microcore", "Setup image").getByRole("button", { name: /More for/ });
  await more.click();
  await tinsmith.page.getByRole("menuitem", { name: "Delete…" }).click();
  const question = tinsmith.page.getByRole("alertdialog");
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await tinsmith.page.keyboard.press("Enter");
  await expect(question).toBeHidden();
  await more.click();
  await tinsmith.page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(question).toBeVisible();
  await tinsmith.page.mouse.click(5, 400);
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Close" }).click();
  await expect(question).toBeHidden();
  expect(existsSync(archive)).toBe(true);
});

test("to run a chosen image, a person types the command at once; else the image's path", async ({
  tinsmith,
  engine,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.command("Run the worker image");
  await expect(tinsmith.dialog.getByLabel("Command")).toBeFocused();
});

test("no key starts a build behind a dialog", async ({ tinsmith }) => {
  await tinsmith.page.keyboard.press("Control+,");
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
  await tinsmith.page.keyboard.press("Control+Shift+B");
  await tinsmith.page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.build).toBeHidden();
  await tinsmith.page.keyboard.press("Control+Shift+B");
  await expect(tinsmith.build).toBeVisible();
});

test("the palette finds words and their beginnings, and no title with the same letters spread over it", async ({
  page,
  tinsmith,
}) => {
  await page.keyboard.press("Control+k");
  for (const [typed, title] of [
    ["notices", "Notices"],
    ["rec st", "Install the setup image by hand…"],
  ] as const) {
    await tinsmith.dialog.getByRole("combobox").fill(typed);
    await expect(tinsmith.dialog.getByRole("option")).toHaveCount(1);
    await expect(tinsmith.dialog.getByRole("option")).toContainText(title);
  }
});
