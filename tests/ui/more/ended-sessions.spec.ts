import { rmSync } from "node:fs";
import type { Page } from "@playwright/test";
import { sessionPaths } from "../../../core/storage/paths.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

const hasEnded = "Its process has ended unexpectedly";

/** Counts the channels of a session that the window opens from now on. */
function countChannels(page: Page, session: string): () => number {
  let count = 0;
  page.on("websocket", (socket) => {
    if (socket.url().includes(session)) count += 1;
  });
  return () => count;
}

async function openBuild(tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session", { hasText: "Worker image" }).click();
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
}

const toasts = (page: Page) => page.locator(".toast");

test("a build whose process was killed says so, offers what can be done, and nothing that can't", async ({
  tinsmith,
  engine,
}) => {
  const { page, build } = tinsmith;
  const process = await engine.beginProcess("build");
  await process.record({ type: "step-started", step: "boot" });
  await process.record({ type: "guest-log", text: "the last words" });
  await openBuild(tinsmith);
  await expect(build.locator(".log")).toContainText("the last words");
  await expect(build.getByRole("button", { name: "Cancel" })).toBeVisible();
  await process.kill();
  const gone = build.getByRole("region", { name: hasEnded });
  await expect(gone).toContainText("It was killed, or this host was shut down");
  await expect(gone).toContainText("The old image, if there was one, is as it was.");
  await expect(build.getByRole("button", { name: "Cancel" })).toBeHidden();
  await expect(build.getByRole("checkbox", { name: "Keep the guest" })).toBeHidden();
  await expect(build.getByRole("img", { name: "interrupted" })).toBeVisible();
  await expect(build.locator(".log")).toContainText("the last words");
  const time = await build.locator(".build-times").textContent();
  const channels = countChannels(page, process.id);
  await letTimePass(2_500);
  // Those of its log and its two consoles, once each: an ended session answers from its files.
  expect(channels()).toBeLessThanOrEqual(3);
  expect(await build.locator(".build-times").textContent()).toBe(time);
  await expect(toasts(page)).toHaveCount(0);
  await gone.getByRole("button", { name: "Retry all" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
});

test("a run whose process was killed says so", async ({ tinsmith, engine }) => {
  const process = await engine.beginProcess("run");
  const view = await RunPage.open(tinsmith, "Run of");
  await expect(view.button("Stop")).toBeVisible();
  await process.kill();
  await expect(view.run.getByRole("region", { name: hasEnded })).toContainText("a run never changes it");
  await expect(view.button("Stop")).toBeHidden();
  await expect(view.button("Kill task")).toBeDisabled();
  await expect(view.newShell).toBeHidden();
  await expect(view.button("Run again…")).toBeEnabled();
  await expect(toasts(tinsmith.page)).toHaveCount(0);
});

test("a session that was deleted while it is shown, or before the window was loaded, says so, and is not asked for any more", async ({
  tinsmith,
  engine,
}) => {
  const { page, build } = tinsmith;
  const process = await engine.beginProcess("build");
  await process.record({ type: "guest-log", text: "the last words" });
  await openBuild(tinsmith);
  await expect(build.locator(".log")).toContainText("the last words");
  await process.kill();
  await expect(build.getByRole("region", { name: hasEnded })).toBeVisible();
  rmSync(sessionPaths(engine.paths, process.id).folder, { recursive: true });
  const deleted = build.getByRole("region", { name: "This session was deleted" });
  await expect(deleted).toBeVisible();
  await expect(build.locator(".log")).toContainText("the last words");

  const channels = countChannels(page, process.id);
  await page.reload();
  await expect(deleted).toBeVisible();
  // The log, the terminals and the screen may each have tried twice until the list of sessions was there.
  await letTimePass(3_000);
  const tried = channels();
  await letTimePass(3_000);
  expect(channels()).toBe(tried);
  await expect(toasts(page)).toHaveCount(0);
});

test("a build whose process does not answer is cancelled at one click, when it hears of it", async ({
  tinsmith,
  engine,
}) => {
  const { page, build } = tinsmith;
  const process = await engine.beginProcess("build");
  await process.record({ type: "step-started", step: "boot" });
  await openBuild(tinsmith);
  await expect(build.getByRole("button", { name: "Cancel" })).toBeVisible();
  process.standStill();
  await build.getByRole("button", { name: "Cancel" }).click();
  await expect(build.getByRole("button", { name: "Cancelling…" })).toBeDisabled();
  process.goOn();
  const cancelled = build.getByRole("region", { name: "Cancelled" });
  await expect(cancelled).toContainText("build was cancelled in the step Boot");
  await expect(build.getByRole("img", { name: "cancelled" })).toBeVisible();
  await expect(build.locator(".card-bad")).toHaveCount(0);
  await tinsmith.showTab("Sessions");
  const item = page.locator(".session", { hasText: "Worker image" });
  await expect(item).toContainText("Cancelled");
  await expect(item.locator(".state-bad")).toHaveCount(0);
  await expect(toasts(page)).toHaveCount(0);
});

test("a slow session is waited for, and comes whole", async ({ tinsmith, engine }) => {
  const process = await engine.beginProcess("build");
  process.standStill();
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session", { hasText: "Worker image" }).click();
  await expect(tinsmith.build.getByRole("heading")).toHaveText(["Starting…", "Log"]);
  process.goOn();
  await process.record({ type: "guest-log", text: "late" });
  await expect(tinsmith.build.locator(".log")).toContainText("late");
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
});

test("the list says how long ago a session ended, and how long it took, also in a narrow window", async ({
  tinsmith,
  engine,
  page,
}) => {
  const minute = 60_000;
  const now = Date.now();
  await page.clock.setFixedTime(now + 9 * minute);
  await page.setViewportSize({ width: 1000, height: 700 });
  const output = `${engine.workspace}/microcore/microcore-worker.tar.lz4`;
  const build = await engine.begin("Worker image microcore", output);
  const result = { path: output, size: 1, digest: "5f".repeat(32), guestMilliseconds: 1 };
  build.session.record({ type: "build-finished", result, time: now + 7 * minute + 30_000 });
  await build.end();
  await tinsmith.showTab("Sessions");
  const how = page.locator(".session-how").first();
  await expect(how).toHaveText(/^Succeeded 1 minute ago, 7\smin\s\d+\ss$/);
  expect(await how.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  const session = page.locator(".session").first();
  await expect(session.getByRole("img")).toBeVisible();
  await session.hover();
  await session.getByRole("checkbox").check();
  await expect(session.locator(".state-mark")).toBeHidden();
});
