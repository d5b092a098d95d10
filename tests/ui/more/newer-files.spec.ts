import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "../fixtures.ts";
import { leaveNewerFiles } from "../newer-files.ts";

test("what a newer Tinsmith has left is shown as such, and not touched", async ({ tinsmith, engine }) => {
  const { settings, session } = leaveNewerFiles(engine.paths);
  await tinsmith.page.getByRole("status").getByRole("button", { name: "Show settings" }).click();
  await expect(tinsmith.dialog).toContainText("Update Tinsmith, or move the file away");
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeDisabled();
  await expect(tinsmith.dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  expect(readFileSync(engine.paths.settings, "utf8")).toBe(settings);

  await tinsmith.showTab("Sessions");
  await tinsmith.page.getByRole("button", { name: "A session of a newer Tinsmith" }).first().click();
  await expect(tinsmith.errors).toContainText("Update Tinsmith");
  await tinsmith.page.getByRole("button", { name: "More for A session of a newer Tinsmith" }).click();
  await tinsmith.page.getByRole("menuitem", { name: /^Delete/ }).click();
  expect(existsSync(session)).toBe(true);
  await tinsmith.dialog.getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => existsSync(session)).toBe(false);
});
