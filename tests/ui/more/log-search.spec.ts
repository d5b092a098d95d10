import type { Locator, Page } from "@playwright/test";
import { showBuild } from "../build-page.ts";
import { drawn } from "../drawn.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

const current = (log: Locator) => log.locator("mark[data-current]");
const field = (page: Page) => page.getByRole("textbox", { name: "Search the log" });
const status = (page: Page) => page.locator("search").getByRole("status");

/** Milliseconds until the page is drawn after something was done. */
async function timeOf(page: Page, act: () => Promise<void>): Promise<number> {
  const begin = Date.now();
  await act();
  await drawn(page);
  return Date.now() - begin;
}

test("a search in a very long line does not freeze the window", async ({ tinsmith, engine, page }) => {
  const { build, log } = await showBuild(tinsmith, engine);
  build.start("guest");
  await tinsmith.build.getByRole("button", { name: "Search the log" }).click();
  const other = await timeOf(page, () => field(page).fill("b"));
  build.say("guest-log", "a".repeat(60_000));
  await expect(log).toContainText("aaaa");
  expect(await timeOf(page, () => field(page).fill("a"))).toBeLessThan(2_000 + 5 * other);
  await expect(status(page)).toHaveText("1 of 60000");
  const marks = await log
    .locator(".log-row")
    .evaluateAll((rows) => rows.map((row) => row.querySelectorAll("mark").length));
  expect(Math.max(...marks)).toBe(100);
});

test("a match is scrolled to, within a long line and sideways", async ({ tinsmith, engine, page }) => {
  const { build, log } = await showBuild(tinsmith, engine);
  build.start("guest");
  const lines = (name: string) => {
    for (let number = 0; number < 60; number += 1) build.say("guest-log", `${name} ${number};`);
  };
  lines("early");
  build.say("guest-log", `one ${"long ".repeat(1_500)} two ${"long ".repeat(1_500)} three`);
  lines("late");
  await expect(log).toContainText("late 59;");
  const isInSight = () =>
    current(log).evaluate((mark) => {
      const [inner, outer] = [mark, mark.closest("[role=log]") ?? mark].map((one) =>
        one.getBoundingClientRect(),
      );
      return (
        inner &&
        outer &&
        inner.top >= outer.top &&
        inner.bottom <= outer.bottom &&
        inner.left >= outer.left &&
        inner.right <= outer.right
      );
    });
  const finds = async (text: string) => {
    await field(page).fill(text);
    await expect(current(log)).toHaveText(text);
    await expect.poll(isInSight).toBe(true);
  };
  await tinsmith.build.getByRole("button", { name: "Search the log" }).click();
  for (const text of ["one", "two", "three"]) await finds(text);
  await tinsmith.build.getByRole("button", { name: "Wrap long lines" }).click();
  for (const text of ["two", "three", "one", "late 30;"]) await finds(text);
});

test("a search stays at its match while its text grows, begins with what is visible, and ends with an empty field", async ({
  tinsmith,
  engine,
  page,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.log(Array.from({ length: 1_000 }, (_, index) => `line ${index};\n`).join(""));
  await expect(view.log).toContainText("line 999;");
  await view.button("Search the log").click();
  const row = async () =>
    Number(await current(view.log).locator("xpath=ancestor::*[@data-row]").getAttribute("data-row"));
  await field(page).press("l");
  await expect(current(view.log)).toHaveText("l");
  const first = await row();
  expect(first).toBeGreaterThan(900);
  await field(page).pressSequentially("ine");
  await expect(current(view.log)).toHaveText("line");
  expect(await row()).toBe(first);
  await field(page).press("Enter");
  await expect.poll(row).toBe(first + 1);
  await field(page).fill("");
  await expect(view.log.locator("mark")).toHaveCount(0);
  await field(page).fill("line 5");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(field(page)).toHaveCount(0);
  await expect(view.log).toBeFocused();
});
