import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

/** Expects an error at a field, and nowhere else in its form. */
async function expectAt(field: Locator, text: string) {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(text);
  await expect(field).toBeFocused();
  await expect(field.page().locator(".form-error")).toHaveCount(0);
}

test("that a name is taken is said at its field, until there is another name", async ({
  tinsmith,
  engine,
  page,
}) => {
  await tinsmith.command("New image set");
  const name = tinsmith.dialog.getByLabel("Name");
  await name.fill("microcore");
  await page.keyboard.press("Enter");
  await expectAt(name, `${join(engine.workspace, "microcore")} already exists. Choose another name.`);
  await name.press("End");
  await page.keyboard.type("2");
  await expect(name).not.toHaveAttribute("aria-invalid");
  await name.fill("microcore");
  await tinsmith.dialog.getByRole("button", { name: "Create image set" }).click();
  await expectAt(name, `${join(engine.workspace, "microcore")} already exists. Choose another name.`);
  await name.fill("microcore-2");
  await page.keyboard.press("Enter");
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.library.getByRole("button", { name: /^microcore-2/ })).toBeVisible();
});

test("what the engine finds wrong in a field of a run is said there; anything else below the form", async ({
  tinsmith,
  engine,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  const { dialog } = tinsmith;
  const run = dialog.getByRole("button", { name: "Run" });
  const advice = "Give it less.";
  engine.refuseNext({ code: "no-memory", message: "this host has no 64 GiB", advice, field: "memory" });
  await run.click();
  await expectAt(dialog.getByLabel("Memory"), "This host has no 64 GiB. Give it less.");
  await dialog.getByLabel("Memory").fill("512");
  engine.refuseNext({ code: "no-memory", message: "this host has no memory", field: "unheard-of" });
  await run.click();
  await expect(dialog.locator(".form-error")).toContainText("This host has no memory");
  await expect(dialog.locator("[aria-invalid]")).toHaveCount(0);
  await run.click();
  await expect.poll(() => engine.runs.length).toBe(1);
});

test("how many sessions can be kept is said at its field", async ({ tinsmith }) => {
  await tinsmith.command("Settings");
  const field = tinsmith.dialog.getByLabel("Sessions to keep");
  await field.fill("200000");
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expectAt(field, "Enter a whole number from 1 to 100,000.");
});
