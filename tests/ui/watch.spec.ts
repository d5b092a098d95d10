import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { startWatch } from "./scenes/watch-scenes.ts";

test("a watch of the chosen image set shows its rounds, and the strip leads to a round's session", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  expect(watch.plan).toMatchObject({ task: { command: ["sh", "-c", "make test"] } });
  const rounds = page.getByRole("list", { name: "Rounds" });
  const build = await engine.begin("Worker image microcore", "/b");
  watch.round();
  watch.judge("true", 15_000, {});
  watch.round("main.go");
  watch.judge("fast", 3_000, { outcome: "failed", text: "the task failed", session: build.session.id });
  await expect(rounds.getByRole("listitem").first()).toContainText(
    "Fast verdict (warm, tools replaced) after 3.0 s",
  );
  const strip = page.locator(".outcome-strip");
  await expect(strip).toContainText("ok");
  await expect(strip).toContainText("FAIL?");
  watch.judge("true", 11_000, {});
  await expect(rounds.getByRole("listitem").first()).toContainText(
    "Corrects the fast verdict: the task failed",
  );
  await expect(strip).not.toContainText("FAIL");

  watch.round("main.go");
  watch.judge("true", 1_000, { outcome: "failed", text: "the task failed", session: build.session.id });
  await strip.getByRole("button", { name: "FAIL, round 3" }).click();
  await expect(page.getByRole("tab", { name: /Worker image/, selected: true })).toBeVisible();
});

test("a watch is forced to another round, shown again by its switch, and stopped", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  const view = page.getByRole("article", { name: "Watch of microcore" });
  await view.getByRole("button", { name: "Check again" }).click();
  await expect.poll(watch.forced).toBe(1);
  const watching = tinsmith.toolbar.getByRole("button", { name: "Watching" });
  await watching.click();
  await expect(view).toBeVisible();
  const colourOf = (button: Locator) => button.evaluate((element) => getComputedStyle(element).color);
  const colour = await colourOf(watching);
  await view.getByRole("button", { name: "Stop watch" }).click();
  const start = tinsmith.toolbar.getByRole("button", { name: "Watch…" });
  await expect(start).toBeVisible();
  // In a small window it is an icon alone.
  expect(await colourOf(start)).not.toBe(colour);
  await expect(view).toContainText("Ended");
});

test("a round counts its time from its reason, and without guest tools it offers no fast run", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  const newest = page.getByRole("list", { name: "Rounds" }).getByRole("listitem").first();
  watch.round();
  await expect(newest).toContainText("since the start");
  watch.judge("true", 15_000, {});
  watch.round("main.go");
  const title = "Run of microcore";
  watch.report({ type: "round-session", round: 2, phase: "fast", session: "20200101-000000-0000", title });
  await expect(newest).toContainText("since the change");
  await expect(newest.getByRole("button", { name: "Show fast run" })).toBeVisible();
  watch.judge("true", 1_000, {
    outcome: "failed",
    text: "the guest tools can't be built",
    lines: ["main.go:1:1: no"],
  });
  await expect(newest).toContainText("can't be built");
  await expect(newest.getByRole("button", { name: "Show fast run" })).toBeHidden();
});

test("a round leads to its sessions, unless they were deleted to make room for newer ones", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  const build = await engine.begin("Worker image microcore", "/b");
  watch.round();
  const title = "Worker image microcore";
  watch.report({ type: "round-session", round: 1, phase: "rebuild", session: build.session.id, title });
  watch.report({ type: "round-session", round: 1, phase: "true", session: "20200101-000000-0000", title });
  watch.judge("true", 15_000, {});
  const rounds = page.getByRole("list", { name: "Rounds" });
  await rounds.getByRole("button", { name: "Show run" }).hover();
  await expect(page.getByRole("tooltip")).toHaveText("Its session was deleted");
  await rounds.getByRole("button", { name: "Show rebuild" }).click();
  await expect(page.getByRole("tab", { name: /Worker image/, selected: true })).toBeVisible();
});

/** Writes down what the browser is asked, and what it shows, as in a window that a person does not look at. */
async function watchNotifications(
  page: Page,
  permission: NotificationPermission,
): Promise<() => Promise<Notified>> {
  await page.addInitScript((granted) => {
    const told: Notified = { asked: 0, shown: [] };
    class Shown {
      static permission: NotificationPermission = "default";
      static async requestPermission() {
        told.asked += 1;
        Shown.permission = granted;
        return granted;
      }
      onclick: (() => void) | undefined;
      constructor(title: string, { body }: NotificationOptions) {
        told.shown.push(`${title}: ${body}`);
        Object.assign(window, { clickNotification: () => this.onclick?.() });
      }
      close() {}
    }
    Object.assign(window, { Notification: Shown, told });
    document.hasFocus = () => false;
  }, permission);
  await page.reload();
  return () => page.evaluate(() => (window as unknown as { told: Notified }).told);
}

interface Notified {
  asked: number;
  readonly shown: string[];
}

test("a browser asks at the start of a watch whether it may notify, and then tells of changed verdicts", async ({
  tinsmith,
  engine,
  page,
}) => {
  const notified = await watchNotifications(page, "granted");
  const watch = await startWatch(tinsmith, engine);
  await expect.poll(notified).toEqual({ asked: 1, shown: [] });
  const build = await engine.begin("Worker image microcore", "/b");
  watch.round();
  watch.judge("true", 15_000, {});
  watch.round("main.go");
  const failed = { outcome: "failed", text: "the task failed", session: build.session.id } as const;
  watch.judge("fast", 3_000, failed);
  watch.judge("true", 9_000, failed);
  await expect.poll(notified).toEqual({ asked: 1, shown: ["Watch of microcore: FAIL: the task failed"] });
  await page.evaluate(() => (window as unknown as { clickNotification(): void }).clickNotification());
  await expect(page.getByRole("tab", { name: /Worker image/, selected: true })).toBeVisible();
});

test("a browser that may not notify is asked once, and shows nothing", async ({ tinsmith, engine, page }) => {
  const notified = await watchNotifications(page, "denied");
  const watch = await startWatch(tinsmith, engine);
  watch.round();
  watch.judge("true", 15_000, { outcome: "failed", text: "the task failed" });
  await expect(page.locator(".outcome-strip")).toContainText("FAIL");
  expect(await notified()).toEqual({ asked: 1, shown: [] });
});
