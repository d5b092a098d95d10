import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("sixty sessions are listed, searched, opened beside each other and deleted", async ({
  tinsmith,
  engine,
  page,
}) => {
  test.setTimeout(180_000);
  for (let number = 1; number <= 60; number += 1) {
    const run = await engine.beginRun({ command: ["sh", "-c", `task-${number}`] });
    if (number > 10) await run.finish("success");
  }
  await tinsmith.showTab("Sessions");
  const rows = page.locator(".session-open");
  await expect(rows).toHaveCount(60);
  await rows.first().focus();
  await page.keyboard.press("End");
  await expect(rows.last()).toBeFocused();
  await expect(rows.last()).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(rows.first()).toBeFocused();
  for (let number = 1; number <= 10; number += 1)
    await page.locator(".session-open", { has: page.getByText(`task-${number}`, { exact: true }) }).click();
  await expect(tinsmith.tabs("task-10").first()).toBeInViewport();
  await expect(new RunPage(tinsmith).run).toContainText("task-10");
  await tinsmith.chooseOnTab("task-10", "Close other tabs");
  await expect(tinsmith.tabs(/^task/)).toHaveCount(1);
  await page.getByLabel("Search sessions").fill("task-2 succeeded");
  await expect(rows).toHaveCount(10);
  await page.getByRole("checkbox", { name: "Select task-20" }).check();
  await page.getByRole("button", { name: "Select all" }).click();
  await page.getByRole("button", { name: "Delete 10 sessions…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Delete 10 sessions" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  await page.getByLabel("Search sessions").fill("");
  await expect(rows).toHaveCount(50);
  await expect(tinsmith.errors).toHaveCount(0);
});
