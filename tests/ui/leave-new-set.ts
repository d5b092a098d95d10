import { expect } from "@playwright/test";
import { holdAnswers } from "./hold-answers.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/**
 * Asks for a new image set, closes the dialog before the answer comes, and opens the settings.
 *
 * @returns a function that releases the answer, if it is there
 */
export async function leaveNewSet(tinsmith: TinsmithPage, name: string): Promise<() => Promise<void>> {
  const { page, dialog } = tinsmith;
  const release = await holdAnswers(page, "library/createSet");
  await page.reload();
  await tinsmith.isUsable();
  await tinsmith.command("New image set");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create image set" }).click();
  await expect(dialog.getByRole("button", { name: "Create image set" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await tinsmith.command("Settings");
  await expect(dialog.getByLabel("Theme")).toBeVisible();
  return release;
}
