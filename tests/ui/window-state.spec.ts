import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

/** A window in another browser, which has nothing of the first one's. */
async function openElsewhere(browser: Browser, engine: ScriptedEngine) {
  const context = await browser.newContext();
  const tinsmith = new TinsmithPage(await context.newPage());
  await tinsmith.open(engine.newLink());
  return { tinsmith, [Symbol.asyncDispose]: () => context.close() };
}

const keptState = ({ paths }: ScriptedEngine) =>
  existsSync(paths.windowState) ? readFileSync(paths.windowState, "utf8") : "";

const storedKeys = (page: Page) => page.evaluate(() => Object.keys(localStorage));

test("layout and choices are there in any browser of this user's, and none is left in a browser", async ({
  tinsmith,
  engine,
  page,
  browser,
}) => {
  const run = await engine.beginRun();
  run.log("a line\n");
  const view = await RunPage.open(tinsmith, "Run of");
  await view.button("Wrap long lines").click();
  await expect(view.button("Wrap long lines")).toHaveAttribute("aria-pressed", "false");
  await tinsmith.command("Doctor");
  await expect(page.locator(".dv-tab", { hasText: "Doctor" })).toBeVisible();
  await page.keyboard.press("Control+1");
  await tinsmith.isUsable();
  await expect.poll(() => keptState(engine)).toContain('"wrapsLog": false');
  await expect.poll(() => keptState(engine)).toContain("doctor");
  expect(await storedKeys(page)).toEqual([]);

  await using other = await openElsewhere(browser, engine);
  await expect(other.tinsmith.page.locator(".dv-tab", { hasText: "Doctor" })).toBeVisible();
  await other.tinsmith.showTab("make test");
  const button = other.tinsmith.page.getByRole("button", { name: "Wrap long lines" });
  await expect(button).toHaveAttribute("aria-pressed", "false");
});

test("a run's variables are remembered by their names; their values are nowhere but in the window that ran it", async ({
  tinsmith,
  engine,
  page,
  browser,
}) => {
  const image = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await engine.leaveArchive(image);
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  const openDialog = ({ toolbar }: TinsmithPage) => toolbar.getByRole("button", { name: "Run…" }).click();
  await openDialog(tinsmith);
  await tinsmith.dialog.getByLabel("Command").fill("make test");
  await tinsmith.dialog.getByLabel("Environment").fill("API_TOKEN=top-secret\nLANGUAGE=en");
  await tinsmith.dialog.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => engine.runs.length).toBe(1);
  await expect.poll(() => keptState(engine)).toContain("API_TOKEN");
  expect(keptState(engine)).not.toContain("top-secret");
  expect(await storedKeys(page)).toEqual([]);
  await openDialog(tinsmith);
  await expect(tinsmith.dialog.getByLabel("Environment")).toHaveValue("API_TOKEN=top-secret\nLANGUAGE=en");

  await using other = await openElsewhere(browser, engine);
  const { dialog } = other.tinsmith;
  await expect(other.tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await openDialog(other.tinsmith);
  await expect(dialog.getByLabel("Command")).toHaveValue("make test");
  await expect(dialog.getByLabel("Environment")).toHaveValue("API_TOKEN\nLANGUAGE");
  await expect(dialog).toContainText("API_TOKEN has no value: values are not remembered.");
  await expect(dialog.getByLabel("Environment")).toHaveAttribute("aria-invalid", "true");
});

test("what an earlier version left in the browser is removed", async ({ engine, page, tinsmith }) => {
  await page.evaluate(() => localStorage.setItem("tinsmith.runs", '{"a": "top-secret"}'));
  await page.reload();
  await tinsmith.isUsable();
  expect(await storedKeys(page)).toEqual([]);
  void engine;
});

test("the chosen theme is there before anything is drawn", async ({ tinsmith, page }) => {
  await tinsmith.command("Dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector(".frame")) return;
      document.documentElement.dataset.themeAtFirst = document.documentElement.dataset.theme ?? "none";
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme-at-first", "dark");
});
