import { join } from "node:path";
import type { Page } from "@playwright/test";
import { drawn } from "../drawn.ts";
import { expect, test } from "../fixtures.ts";

/** Presses a key and holds it down, as long as it takes to be repeated some times. */
async function hold(page: Page, key: string): Promise<void> {
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.down(key);
    // The effect of a press is drawn before the next press.
    await drawn(page);
  }
  await page.keyboard.up(key);
}

test("Return that is held down opens a dialog, and types nothing into it", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  // The dialogs are loaded by then, so that one opens while the key is down.
  await tinsmith.command("About");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await drawn(page);
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).focus();
  await hold(page, "Enter");
  const command = tinsmith.dialog.getByLabel("Command");
  await expect(command).toBeFocused();
  await expect(command).toHaveValue("uname -a");
  expect(engine.runs).toHaveLength(0);
  await command.press("End");
  await hold(page, "Enter");
  await expect(command).toHaveValue(`uname -a${"\n".repeat(6)}`);
});

test("Return that is held down in the palette chooses once, and leaves the dialog that it opens alone", async ({
  tinsmith,
  page,
}) => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("New image set");
  await hold(page, "Enter");
  await expect(tinsmith.dialog.getByLabel("Name")).toBeFocused();
  await expect(tinsmith.dialog.locator("[aria-invalid]")).toHaveCount(0);
});

test("Return that closes a dialog is not typed into the console below it", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await engine.begin("Worker image microcore", "/a");
  await tinsmith.showTab("Sessions");
  await page.getByRole("button", { name: /^Running/ }).click();
  await tinsmith.showTab(/^Serial/);
  await tinsmith.typeIntoSerial("a");
  await expect.poll(() => build.typed()).toBe("a");
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.type("About Tinsmith");
  await page.keyboard.press("Enter");
  await expect(tinsmith.dialog).toContainText("MPL-2.0");
  await tinsmith.dialog.getByText("Close", { exact: true }).focus();
  await hold(page, "Enter");
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.serial.locator(".xterm-helper-textarea")).toBeFocused();
  await page.keyboard.type("b");
  await expect.poll(() => build.typed()).toBe("ab");
});
