import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

/** Commands that are hard to show. */
const commands = {
  quotes: `echo  "a  b" 'c' $(d) \`e\` \\`,
  html: "<b>bold</b> && <img src=x onerror=alert(1)>",
  long: "x".repeat(200),
  words: "word ".repeat(40).trim(),
  hebrew: "echo שלום עולם",
  turned: "echo \u202Egnp.exe",
  emoji: "🧱".repeat(60),
  lines: "make\nmake test",
};

/** Elements that stick out of the window, or of the row of the list that they are in. */
const stickingOut = (page: Page) =>
  page.evaluate(() => {
    const isCut = (element: Element) => element.scrollWidth > element.clientWidth + 1;
    const rows = [...document.querySelectorAll(".session, .set, .tab, .dialog, .session-head")];
    return [document.documentElement, ...rows]
      .filter(isCut)
      .map(({ className, textContent }) => [className, textContent]);
  });

async function expectShown(tinsmith: TinsmithPage, command: string) {
  const { page } = tinsmith;
  const row = page.locator(".session").first();
  await row.locator(".session-open").click();
  const view = new RunPage(tinsmith);
  await expect(view.run).toBeVisible();
  await expect(view.run.locator("code").first()).toContainText(
    command.split("\n")[0]?.trim().slice(0, 20) ?? "",
  );
  expect(await page.title()).not.toMatch(/[\u202A-\u202E\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  expect(await stickingOut(page)).toEqual([]);
  await row.getByRole("button", { name: /More for/ }).click();
  await expect(page.getByRole("menu")).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Escape");
}

test("sessions whose commands are hard to show are shown whole, in a small window too", async ({
  tinsmith,
  engine,
  page,
}) => {
  test.setTimeout(120_000);
  await tinsmith.showTab("Sessions");
  for (const [name, command] of Object.entries(commands))
    await test.step(name, async () => {
      const run = await engine.beginRun({ command: ["sh", "-c", command] });
      await expect(page.locator(".session")).toHaveCount(engine.runs.length);
      for (const [width, height] of [
        [1280, 800],
        [800, 500],
      ] as const) {
        await page.setViewportSize({ width, height });
        await expectShown(tinsmith, name === "turned" ? "echo" : command);
      }
      await run.finish("success");
      await expect(page.locator(".session").first()).toContainText("Succeeded");
    });
  await expect(page.locator("img[src='x']")).toHaveCount(0);
});

test("image sets whose folders have odd names are listed, chosen and told apart", async ({
  tinsmith,
  engine,
  page,
}) => {
  const names = ["my set", `it's "odd"`, "ס", "x".repeat(200), "<b>b"];
  for (const name of names) {
    const folder = join(engine.workspace, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "recipe.yaml"), "size: 1\ncd: []\n");
    writeFileSync(join(folder, "machine.json"), '{"version": 1}\n');
  }
  const sets = tinsmith.library.locator(".set-name");
  await expect(sets).toHaveCount(names.length + 2);
  for (const name of names) {
    await sets.filter({ hasText: name }).click();
    await expect(page.locator(".set-chosen .set-name")).toContainText(name);
    expect(await stickingOut(page)).toEqual([]);
  }
});
