import { expect, test } from "./fixtures.ts";

test("a dialog whose content goes on below its end has a shadow there", async ({ tinsmith, page }) => {
  await page.setViewportSize({ width: 667, height: 467 });
  await page.getByRole("button", { name: "Settings" }).click();
  const body = tinsmith.dialog.locator(".dialog-body");
  await expect(body).toBeVisible();
  const end = async () => {
    const { x = 0, y = 0, height = 0 } = (await body.boundingBox()) ?? {};
    return await page.screenshot({ clip: { x: x + 1, y: y + height - 4, width: 8, height: 4 } });
  };
  const below = await end();
  await body.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect.poll(async () => below.equals(await end())).toBe(false);
  await body.evaluate((box) => box.scrollTo(0, 0));
  await expect.poll(async () => below.equals(await end())).toBe(true);
});
