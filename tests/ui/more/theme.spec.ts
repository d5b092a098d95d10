import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

const light = "rgb(243, 244, 246)";
const dark = "rgb(22, 24, 28)";

const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("the window follows the system's theme while it is open, until one is set", async ({
  tinsmith,
  page,
}) => {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await ground(page)).toBe(light);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await ground(page)).toBe(dark);

  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Theme").selectOption("light");
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => ground(page)).toBe(light);
  await page.reload();
  await tinsmith.isUsable();
  expect(await ground(page)).toBe(light);

  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Theme").selectOption("dark");
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => ground(page)).toBe(dark);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await ground(page)).toBe(dark);

  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Theme").selectOption("system");
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => ground(page)).toBe(light);
});

test("a terminal changes its colours with the window", async ({ tinsmith, page, engine }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await tinsmith.rebuild("worker");
  await tinsmith.showTab(/^Serial/);
  engine.started[0]?.print("login:");
  const row = tinsmith.serial.locator(".xterm-rows");
  await expect(row).toContainText("login:");
  const color = () => row.evaluate((element) => getComputedStyle(element).color);
  const before = await color();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(color).not.toBe(before);
});
