import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { debugRun } from "../journeys/debug-run.ts";
import { startRealEngine } from "../real-engine.ts";
import { ReplayPage } from "../replay-page.ts";
import { RunPage } from "../run-page.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

// Boots a real virtual machine under emulation.
test("a run is watched, its files are listed and fetched, two shells are open in it, and its task is killed", async ({
  page,
}) => {
  // It may have to build the images first.
  test.setTimeout(900_000);
  await using engine = await startRealEngine("built");
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await debugRun(tinsmith, dirname(engine.imageSet));

  await page.getByRole("button", { name: "Replay" }).click();
  const replay = new ReplayPage(tinsmith);
  await expect(replay.time).toBeVisible();
  await expect(replay.serial).not.toContainText("BusyBox");
  await replay.event("GET /execute").first().click();
  await expect(replay.serial).toContainText("BusyBox");
  await expect(replay.picture).toBeVisible();
});

test("a run of an image whose state is saved starts without a boot, and its tab says so", async ({
  page,
}) => {
  // It may have to build the images first.
  test.setTimeout(900_000);
  await using engine = await startRealEngine("built");
  await engine.tinsmith("warm", "worker", "--recipe", engine.imageSet);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await tinsmith.dialog.getByLabel("Command").fill("echo hello $((6 * 7))");
  await tinsmith.dialog.getByRole("button", { name: "Run image", exact: true }).click();
  const view = new RunPage(tinsmith);
  await expect(view.log).toContainText("hello 42", { timeout: 60_000 });
  await expect(page.getByText(/^Warm: continues from its state of .+, without a boot$/)).toBeVisible();
});

test("scenarios of the image set run on its worker image one after another, and meet their expectations", async ({
  page,
}) => {
  // It may have to build the images first.
  test.setTimeout(900_000);
  await using engine = await startRealEngine("built");
  // Two of them: the image boots once for both.
  const scenarios = join(engine.imageSet, "scenarios");
  for (const name of readdirSync(scenarios))
    if (!["execute.yaml", "success.yaml"].includes(name)) rmSync(join(scenarios, name));
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  const worker = tinsmith.slot("microcore", "Worker image");
  await worker.getByRole("button", { name: /More for/ }).click();
  await page.getByRole("menuitem", { name: "Run a scenario…" }).click();
  await tinsmith.dialog.getByLabel("Scenario").selectOption("All 2 scenarios");
  await tinsmith.dialog.getByRole("button", { name: "Run all scenarios" }).click();
  const expectations = page.getByRole("region", { name: "Expectations" });
  await expect(expectations).toContainText(/Met \d+ expectations/, { timeout: 120_000 });
  await tinsmith.showTab("Sessions");
  const sessions = page.locator(".session", { hasText: "Succeeded" });
  await expect(sessions).toHaveCount(2, { timeout: 120_000 });
  await sessions.first().locator(".session-open").click();
  await expect(expectations).toContainText(/Met \d+ expectations/);
});
