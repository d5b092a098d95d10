import type { Locator } from "@playwright/test";
import { BreakpointsPage } from "../breakpoints-page.ts";
import { EditorPage } from "../editor-page.ts";
import { expect, test } from "../fixtures.ts";
import { openRun } from "../session-tabs.ts";

/** The edges of an element's content: of its text, where it has no other. */
async function edgesOf(element: Locator) {
  return await element.evaluate((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const { left, right } = range.getBoundingClientRect();
    return { left, right };
  });
}

/** The right edge of an element's box. */
async function rightOf(element: Locator): Promise<number> {
  return await element.evaluate((one) => one.getBoundingClientRect().right);
}

test("a narrow action log has the names of its columns apart from each other", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await openRun(tinsmith, engine, "make test");
  run.request("GET", "of-the-first").end();
  await expect(view.rows).toHaveCount(1);
  await page.setViewportSize({ width: 667, height: 467 });
  const head = (name: string) => view.exchanges.getByRole("button", { name, exact: true });
  const gap = async () => (await edgesOf(head("Status"))).left - (await edgesOf(head("Request"))).right;
  // The panels take their new widths a moment later.
  await expect.poll(() => rightOf(view.exchanges)).toBeLessThanOrEqual(667);
  await expect.poll(gap).toBeGreaterThan(2);
});

test("a narrow screen shows all its tools", async ({ tinsmith, engine, page }) => {
  await openRun(tinsmith, engine, "make test");
  await tinsmith.tabs(/^Screen$/).click();
  await page.setViewportSize({ width: 667, height: 600 });
  const bar = page.locator(".screen-bar");
  await expect(bar.getByRole("button", { name: "Full screen" })).toBeVisible();
  await expect.poll(() => rightOf(bar)).toBeLessThan(667);
  for (const tool of await bar.getByRole("button").all())
    expect(await rightOf(tool)).toBeLessThanOrEqual(await rightOf(bar));
});

test("the tab of a part that is behind ends with its name", async ({ tinsmith, engine }) => {
  await openRun(tinsmith, engine, "make test");
  await BreakpointsPage.open(tinsmith);
  await tinsmith.tabs(/^Screen$/).click();
  await tinsmith.page.mouse.move(0, 0);
  const tab = tinsmith.tabs(/^Breakpoints$/);
  expect(await rightOf(tab)).toBeLessThan((await rightOf(tab.locator(".tab-title"))) + 12);
});

test("a tab that is no longer saved stays whole where the tabs are crowded", async ({ tinsmith, page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  for (const file of ["execute.yaml", "setup.sh", "worker.sh", "machine.json", "recipe.yaml", "poll.yaml"])
    await tinsmith.command(`Edit ${file} of microcore`);
  const editor = new EditorPage(page, "poll.yaml");
  await editor.write("name: other");
  await expect(editor.unsavedMark).toBeVisible();
  const strip = page.locator(".dv-tabs-container", { has: editor.tab });
  await expect
    .poll(async () => (await rightOf(editor.tab)) - (await rightOf(strip)))
    .toBeLessThanOrEqual(0.5);
});
