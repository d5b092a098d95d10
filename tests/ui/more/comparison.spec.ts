import { rmSync, writeFileSync } from "node:fs";
import { sessionPaths } from "../../../core/storage/paths.ts";
import { ComparisonPage } from "../comparison-page.ts";
import { expect, test } from "../fixtures.ts";
import { leaveComparedRuns } from "../leave-compared-runs.ts";

test("two sessions are compared exchange by exchange, from the first difference on, by keyboard", async ({
  tinsmith,
  engine,
  page,
}) => {
  leaveComparedRuns(engine.paths);
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(comparison.result).toHaveText("5 of 28 exchanges differ");
  await expect(comparison.view).toContainText("1 of 5");
  const [left, right] = [
    comparison.view.getByRole("region", { name: "make test", exact: true }),
    comparison.view.getByRole("region", { name: "make test 2" }),
  ];
  await expect(left).toContainText("Succeeded");
  await expect(right).toContainText("Failed");
  await expect(right.getByRole("listitem").filter({ hasText: "SHARD=2" })).toHaveAttribute("data-differs");
  await expect(right.getByRole("listitem").filter({ hasText: "LANGUAGE" })).not.toHaveAttribute(
    "data-differs",
  );

  // The first difference is chosen and in sight.
  await expect(comparison.chosen).toContainText(/reply.*status.*request.*response/s);
  await expect(comparison.chosen).toBeInViewport();
  await expect(comparison.bodies("Request").locator(".cm-changedLine").first()).toContainText("report.json");
  await expect(comparison.bodies("Response")).toContainText("try again");
  await expect(comparison.rows.filter({ hasText: "equal exchanges" })).toHaveCount(2);

  // The list has the focus, and its rows are gone to by keyboard.
  await page.keyboard.press("ArrowUp");
  await expect(comparison.chosen).toContainText("poll");
  await page.keyboard.press("F7");
  await page.keyboard.press("F7");
  await expect(comparison.chosen).toContainText("Not in this session");
  await expect(comparison.chosen).toContainText("reply");
  await page.keyboard.press("Shift+F7");
  await expect(comparison.chosen).toContainText("status");
  await expect(comparison.button("Previous difference")).toHaveAttribute("aria-disabled", "true");

  // A fold opens by a click, and all of them by the switch.
  await comparison.rows.filter({ hasText: "12 equal exchanges" }).click();
  await expect(comparison.rows.filter({ hasText: "12 equal exchanges" })).toHaveCount(0);
  await expect(comparison.rows.filter({ hasText: "execute" })).toBeVisible();
  await comparison.button("Fold equal exchanges").click();
  await expect(comparison.rows.filter({ hasText: "equal exchanges" })).toHaveCount(0);

  // An equal pair has bodies, too, in which the id of the action is not a difference.
  await comparison.rows.filter({ hasText: "poll" }).click();
  await expect(comparison.bodies("Response")).toContainText("list-folder");
  await expect(comparison.bodies("Response").locator(".cm-changedLine")).toHaveCount(0);
  await expect(comparison.detail).toContainText("Request: no body");
});

test("a narrow comparison keeps the reasons, and its tab has an icon of its own", async ({
  tinsmith,
  engine,
  page,
}) => {
  leaveComparedRuns(engine.paths);
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(tinsmith.tabs("↔").locator(".tab-icon")).toBeVisible();
  await page.setViewportSize({ width: 900, height: 600 });
  for (const reason of ["status", "request"])
    await expect(comparison.chosen.getByText(reason, { exact: true })).toBeVisible();
});

test("polls without an action are counted, and compared when a person asks; the chosen exchanges stay chosen", async ({
  tinsmith,
  engine,
}) => {
  leaveComparedRuns(engine.paths);
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(comparison.view).toContainText("5 polls without an action left out");
  await comparison.button("Next difference").click();
  await expect(comparison.view).toContainText("2 of 5");
  const polls = comparison.button("Compare all polls");
  await polls.click();
  await expect(comparison.view).toContainText("5 polls without an action compared, too");
  await expect(comparison.result).toHaveText("6 of 31 exchanges differ");
  await expect(comparison.view).toContainText("2 of 6");
  await expect(polls).toBeFocused();
  await polls.click();
  await expect(comparison.result).toHaveText("5 of 28 exchanges differ");
});

test("headers that differ are beside each other, those that are not compared are named, and rules are marked", async ({
  tinsmith,
  engine,
}) => {
  leaveComparedRuns(engine.paths);
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(comparison.chosen).toContainText("headers");
  const headers = comparison.bodies("Response headers");
  await expect(headers.getByRole("listitem")).toHaveText("No Retry-AfterRetry-After: 5");
  await expect(comparison.detail).toContainText("The other headers are equal. Not compared: Date,");

  const [left, right] = [
    comparison.view.getByRole("region", { name: "make test", exact: true }),
    comparison.view.getByRole("region", { name: "make test 2" }),
  ];
  await expect(right).toContainText("Rules were active: Refuse the first reply (1 message).");
  await expect(left).not.toContainText("Rules");
  await expect(comparison.chosen.getByText("rule", { exact: true })).toHaveAttribute(
    "title",
    "Rules: Refuse the first reply",
  );
  await expect(comparison.detail).toContainText("rules: Refuse the first reply");
});

test("a body above 1 MB is read when a person asks for it, a smaller one at once", async ({
  tinsmith,
  engine,
  page,
}) => {
  leaveComparedRuns(engine.paths);
  const files: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("bodies")) files.push(request.url());
  });
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  for (let difference = 2; difference <= 5; difference += 1) await page.keyboard.press("F7");
  const log = comparison.bodies("Request");
  await expect(comparison.chosen).toContainText("log");
  // The beginning of one and the whole of the other would differ where they don't.
  await expect(log).toContainText("4.1 kB of 8.3 kB");
  await expect(log).toContainText("4.1 kB of 1.2 MB");
  expect(files).toEqual([]);
  await log.getByRole("button", { name: "Load the rest" }).click();
  await expect(log.locator(".cm-merge-a .cm-changedLine")).toHaveText("all tests passed");
  await expect(log.locator(".cm-merge-b .cm-changedLine").first()).toHaveText("test 701 failed");
  await expect(log).toContainText("1.0 MB of 1.2 MB");
});

test("the tab stays when the window is reloaded, and opens from the palette, the tab and a selection", async ({
  tinsmith,
  engine,
  page,
}) => {
  leaveComparedRuns(engine.paths);
  const { result } = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(result).toHaveText("5 of 28 exchanges differ");
  await page.reload();
  await expect(result).toHaveText("5 of 28 exchanges differ");
  await expect(tinsmith.tabs("make test ↔ make test 2")).toHaveCount(1);
  await tinsmith.chooseOnTab("make test ↔ make test 2", "Close tab");
  await expect(result).toBeHidden();

  await tinsmith.showTab("Sessions");
  const rows = page.locator(".session");
  await rows.nth(0).getByRole("checkbox").check();
  await rows.nth(1).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Compare both sessions" }).click();
  await expect(result).toHaveText("5 of 28 exchanges differ");
  await tinsmith.chooseOnTab(/↔/, "Close tab");

  await page.locator(".session-open").first().click();
  await tinsmith.command("Compare a session with");
  await page.getByPlaceholder(/^Compare/).fill("succeeded");
  await page.keyboard.press("Enter");
  await expect(result).toHaveText("5 of 28 exchanges differ");
});

test("a session that was deleted or can't be read is named", async ({ tinsmith, engine, page }) => {
  const [first, second] = leaveComparedRuns(engine.paths);
  const { result } = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
  await expect(result).toBeVisible();
  writeFileSync(sessionPaths(engine.paths, second).events, '{"version":99}\n');
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "can't compare" });
  await expect(alert).toContainText(second);
  await expect(alert).toContainText("version 99");
  rmSync(sessionPaths(engine.paths, first).folder, { recursive: true });
  await alert.getByRole("button", { name: "Compare again" }).click();
  await expect(alert).toContainText(`There is no session "${first}"`);
});

test("a session that runs is compared as far as it has come, and again when a person asks", async ({
  tinsmith,
  engine,
}) => {
  leaveComparedRuns(engine.paths);
  const run = await engine.beginRun({ command: ["sh", "-c", "make check"] });
  await run.ping();
  const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make check");
  await expect(comparison.result).toContainText("25 of 26 exchanges differ");
  await run.ping();
  await run.ping();
  await comparison.button("Compare again").click();
  await expect(comparison.result).toContainText("23 of 26 exchanges differ");
});
