import type { Locator } from "@playwright/test";
import { contrast } from "../contrast.ts";
import { expect, test } from "../fixtures.ts";

/** The contrasts that WCAG requires of text, and of marks. */
const readable = 4.5;
const visible = 3;

test.beforeEach(async ({ tinsmith, engine }) => {
  const failed = await engine.begin("Worker image microcore", "/a");
  const running = await engine.begin("Worker image tinycore", "/b");
  await tinsmith.showTab("Sessions");
  for (const name of ["microcore", "tinycore"])
    await tinsmith.page.locator(".session-open", { hasText: `Worker image ${name}` }).click();
  await failed.fail({ code: "build-failed", message: "it failed" });
  running.say("note", "The installer has begun.");
});

for (const colorScheme of ["light", "dark"] as const)
  test(`every tab's name and mark can be read in ${colorScheme}, also under the pointer and with the focus`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const tabs = page.locator(".dv-tab");
    await expect(tabs.getByRole("img", { name: "Failed" })).toHaveCount(1);
    await expect(tabs.getByRole("img", { name: "Running" })).toHaveCount(1);
    const check = async (tab: Locator, how: string) => {
      const name = await tab.locator(".tab-title").textContent();
      expect(await contrast(tab.locator(".tab-title")), `${name}, ${how}`).toBeGreaterThanOrEqual(readable);
      for (const mark of await tab.locator(".state-mark").all())
        expect(await contrast(mark), `the mark of ${name}, ${how}`).toBeGreaterThanOrEqual(visible);
    };
    for (const tab of await tabs.all()) {
      await check(tab, "at rest");
      await tab.hover();
      await check(tab, "under the pointer");
      await expect(tab.locator(".tab-title")).toBeVisible();
    }
    // The panel with the focus has other colours than the others: each side has it once.
    for (const name of ["Library", "Worker image tinycore"]) {
      await tabs.filter({ hasText: name }).first().click();
      for (const tab of await tabs.all()) await check(tab, `with the focus at ${name}`);
      await page.keyboard.press("F6");
      for (const tab of await tabs.all()) await check(tab, `after F6 from ${name}`);
    }
  });

test("the tab in front, the one under the pointer, and the others differ; the focus is outlined", async ({
  page,
}) => {
  const ground = (tab: Locator) => tab.evaluate((element) => getComputedStyle(element).backgroundColor);
  const front = page.locator(".dv-tab.dv-active-tab", { hasText: "tinycore" });
  const behind = page.locator(".dv-tab.dv-inactive-tab", { hasText: "microcore" });
  await front.hover();
  const atRest = await ground(behind);
  expect(await ground(front)).not.toBe(atRest);
  await behind.hover();
  await expect.poll(() => ground(behind)).not.toBe(atRest);
  expect(await ground(behind)).not.toBe(await ground(front));
  const outline = () => behind.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(await outline()).toBe("none");
  await front.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  await expect.poll(() => front.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
});
