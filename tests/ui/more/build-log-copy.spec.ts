import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedBuild } from "../scripted-build.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

/** How a person copies from the logs of builds and runs, and what stays in sight meanwhile. */

async function showBuild(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<ScriptedBuild> {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  build.start("guest");
  return build;
}

async function copy(page: Page): Promise<string> {
  await page.keyboard.press("Control+C");
  return await page.evaluate(() => navigator.clipboard.readText());
}

/** Selects from the beginning of a row to the end of another. */
async function select(page: Page, from: string, to: string): Promise<void> {
  await page.evaluate(
    ([first, last]) => {
      const rows = [...document.querySelectorAll(".log-row")];
      const row = (text: string | undefined) => rows.find((one) => one.textContent?.endsWith(text ?? ""));
      const [start, end] = [row(first), row(last)];
      if (start && end) getSelection()?.setBaseAndExtent(start, 0, end, end.childNodes.length);
    },
    [from, to],
  );
}

test("what is copied from a build's log is its lines, without their times and sources", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await showBuild(tinsmith, engine);
  for (const line of ["one;", "two;", "three;"]) build.say("guest-log", line);
  await expect(tinsmith.build.getByRole("log")).toContainText("three;");
  await select(page, "one;", "two;");
  expect(await copy(page)).toBe("one;\ntwo;");
});

test("Ctrl+A in a log and copying copies the whole log, and no more", async ({ tinsmith, engine, page }) => {
  const build = await showBuild(tinsmith, engine);
  const lines = Array.from({ length: 500 }, (_, number) => `line ${number};`);
  for (const line of lines) build.say("guest-log", line);
  const log = tinsmith.build.getByRole("log");
  await expect(log).toContainText("line 499;");
  await log.focus();
  await page.keyboard.press("Control+A");
  expect(await copy(page)).toBe(["Guest", ...lines].join("\n"));

  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  const long = "long ".repeat(500);
  run.log(`${lines.join("\n")}\n${long}\nthe end\n`);
  await expect(view.log).toContainText("the end");
  await view.log.focus();
  await page.keyboard.press("Control+A");
  expect((await copy(page)).trimEnd()).toBe([...lines, long, "the end"].join("\n"));
});

test("a build's log that is followed stays where something is selected or has the focus, until that is over", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await showBuild(tinsmith, engine);
  await build.runOnHost("early.sh", "echo early");
  const log = tinsmith.build.getByRole("log");
  let said = 0;
  const sayMuch = async () => {
    const before = await log.evaluate((element) => element.scrollHeight);
    for (let count = 0; count < 100; count += 1) build.say("guest-log", `line ${said++};`);
    await expect.poll(() => log.evaluate((element) => element.scrollHeight)).toBeGreaterThan(before);
  };
  const command = log.getByRole("button", { name: "./early.sh" });
  const newest = () => tinsmith.build.locator(".log-line", { hasText: `line ${said - 1};` });
  await command.focus();
  await sayMuch();
  await expect(command).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(newest()).toBeInViewport();

  const chosen = `line ${said - 2};`;
  await select(page, chosen, chosen);
  await sayMuch();
  await expect(tinsmith.build.locator(".log-line", { hasText: chosen })).toBeInViewport();
  expect(await copy(page)).toBe(chosen);
  await tinsmith.build.getByRole("button", { name: "Follow the log" }).click();
  await expect(newest()).toBeInViewport();
});
