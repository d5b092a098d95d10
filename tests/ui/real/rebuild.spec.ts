import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

// Boots two real virtual machines under emulation.
test("a click on Rebuild worker, with nothing there, ends with a setup and a worker image on disk", async ({
  page,
}) => {
  test.setTimeout(300_000);
  await using engine = await startRealEngine();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build.getByRole("heading", { name: "Setup image microcore" })).toBeVisible({
    timeout: 20_000,
  });
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible({
    timeout: 200_000,
  });

  // The CLI sees the same session, and a person types into its console.
  expect(await engine.tinsmith("sessions")).toContain("Worker image microcore");
  await tinsmith.showTab("Serial", "Worker image microcore");
  await expect.poll(() => tinsmith.serialText(), { timeout: 60_000 }).toContain("tc@box:~$");
  await tinsmith.typeIntoSerial("echo typed-$((6*7))\r");
  await expect.poll(() => tinsmith.serialText(), { timeout: 20_000 }).toContain("typed-42");

  await tinsmith.showLog();
  await expect(tinsmith.build.getByRole("region", { name: "Result" })).toBeVisible({ timeout: 120_000 });
  await expect(tinsmith.slot("microcore", "Setup image")).toContainText("Up to date");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("Up to date");
  for (const image of ["setup", "worker"])
    expect(existsSync(join(engine.imageSet, `microcore-${image}.tar.lz4`))).toBe(true);
});

test("a session that the command line has started is in the window, which can end it", async ({ page }) => {
  await using engine = await startRealEngine();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  const socket = join(engine.imageSet, "meta.sock");
  const ended = engine.tinsmith("meta", "--socket", socket, "--", "true").catch((error) => error.exitCode);
  await tinsmith.showTab("Sessions");
  const item = page.getByRole("listitem").filter({ hasText: "running" });
  await item.getByRole("button", { name: /^More for/ }).click({ timeout: 30_000 });
  await page.getByRole("menuitem", { name: "Stop" }).click();
  expect(await ended).toBe(143);
  await expect(item).toBeHidden();
});
