import { join } from "node:path";
import { makePlan } from "../../shared/contracts/plan.ts";
import { expect, test } from "./fixtures.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

const firstStart = ".first-start";

test("a first start offers to build the first image; once that is there, it offers that no longer", async ({
  tinsmith,
  engine,
  page,
}) => {
  const view = page.locator(firstStart);
  await view.getByRole("button", { name: "Build your first image" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  const folder = join(engine.workspace, "microcore");
  expect(engine.started[0]?.plan).toEqual(
    makePlan({ kind: "rebuild", image: "worker", folder, trusted: [] }),
  );
  await expect(tinsmith.build).toBeVisible();
  await engine.leaveArchive(join(folder, "microcore-worker.tar.lz4"));
  await engine.started[0]?.succeed();
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await page.locator(".dv-tab", { hasText: "Worker image microcore" }).locator(".tab-close").click();
  await page.reload();
  await tinsmith.isUsable();
  await expect(page.getByRole("heading", { name: "Nothing is open" })).toBeVisible();
  await expect(view).toHaveCount(0);
});

test("an image that is built elsewhere ends the first start as it is shown", async ({
  engine,
  tinsmith,
  page,
}) => {
  await expect(page.locator(firstStart)).toBeVisible();
  await engine.leaveArchive(join(engine.workspace, "tinycore/tinycore-setup.tar.lz4"));
  await expect(tinsmith.page.getByRole("heading", { name: "Nothing is open" })).toBeVisible();
  await expect(page.locator(firstStart)).toHaveCount(0);
});

test("a first start lists what this host lacks, how to fix it, and nothing else; then looks again", async ({
  engine,
  page,
}) => {
  // The engine runs in this process.
  process.env.TINSMITH_QEMU = "qemu-of-nobody";
  try {
    await new TinsmithPage(page).open(engine.newLink());
    const missing = page.locator(firstStart).getByRole("listitem");
    await expect(missing).toHaveCount(1);
    await expect(missing).toContainText("QEMU");
    await expect(missing).toContainText("the program qemu-of-nobody is not installed");
    await expect(missing).toContainText("Install");
    await expect(page.locator(firstStart)).not.toContainText("Free space");
  } finally {
    delete process.env.TINSMITH_QEMU;
  }
  await page.locator(firstStart).getByRole("button", { name: "Check again" }).click();
  await expect(page.locator(firstStart)).toContainText("everything that a build needs");
  await expect(page.locator(firstStart).getByRole("listitem")).toHaveCount(0);
});

test("without an image set, a first start begins with one", async ({ tinsmith, page }) => {
  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Workspace folders").fill("/nonexistent");
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await page.locator(firstStart).getByRole("button", { name: "New image set" }).click();
  await expect(tinsmith.dialog.getByLabel("Name")).toBeVisible();
});
