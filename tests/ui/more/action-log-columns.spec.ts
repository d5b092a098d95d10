import { expect, test } from "../fixtures.ts";
import { leaveDebuggedRun } from "../leave-debugged-run.ts";
import { RunPage } from "../run-page.ts";

test("a column is widened by its edge, with the pointer and the keyboard, and stays as wide", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1800, height: 800 });
  leaveDebuggedRun(engine.paths);
  const { exchanges, rows } = await RunPage.open(tinsmith, "make test");
  const width = async () => (await rows.first().locator(".exchange-target").boundingBox())?.width ?? 0;
  const usual = await width();
  const edge = exchanges.getByRole("slider", { name: "Width of Request" });
  const { x = 0, y = 0, height = 0 } = (await edge.boundingBox()) ?? {};
  await page.mouse.move(x + 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 34, y + height / 2, { steps: 3 });
  await page.mouse.up();
  await expect.poll(width).toBeCloseTo(usual + 30, 0);
  // The names stay above their columns.
  const name = await exchanges.getByRole("button", { name: "Status" }).boundingBox();
  const status = await rows.first().locator(".exchange-status").boundingBox();
  expect((name?.x ?? 0) + (name?.width ?? 0)).toBeCloseTo((status?.x ?? 0) + (status?.width ?? 0), 0);

  await edge.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(width).toBeCloseTo(usual + 22, 0);
  await expect(edge).toHaveAttribute("aria-valuetext", /pixels$/);
  await page.reload();
  await expect.poll(width).toBeCloseTo(usual + 22, 0);
  await edge.focus();
  await page.keyboard.press("Enter");
  await expect.poll(width).toBeCloseTo(usual, 0);
});

test("a chip of the filter shows its whole text", async ({ tinsmith, engine, page }) => {
  leaveDebuggedRun(engine.paths);
  const view = await RunPage.open(tinsmith, "make test");
  const text = `"${"no such file or directory ".repeat(6).trim()}"`;
  await view.filter(text);
  await page.keyboard.press("Enter");
  const chip = view.exchanges.getByRole("button", { name: text, exact: true });
  await expect(chip).toBeVisible();
  expect(
    await chip.evaluate((box) => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]),
  ).toEqual([0, 0]);
});

test("a filter by time finds an exchange that is still open, when it has taken so long", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const time = Date.now();
  const begun = { type: "exchange-started", method: "POST", headers: [] } as const;
  run.session.record({ ...begun, exchange: 1, target: "/engine/v1/log", time: time - 96_000 });
  run.session.record({ ...begun, exchange: 2, target: "/engine/v1/ping", time });
  const view = await RunPage.open(tinsmith, "Run of");
  await expect(view.rows).toHaveCount(2);
  await view.filter("took:>1min");
  await expect(view.rows).toHaveText([/log/]);
  await view.filter("took:>3s");
  await expect(view.rows).toHaveText([/log/, /ping/]);
});
