import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { writeSampleArchive } from "./sample-archive.ts";

test("an image that was never built says so, and offers to build it", async ({ tinsmith, engine }) => {
  const slot = tinsmith.slot("microcore", "Worker image");
  await expect(slot).toContainText("Not built yet");
  await slot.getByRole("button", { name: "Build" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  expect(engine.started[0]?.args).toEqual([
    "rebuild",
    "worker",
    "--recipe",
    join(engine.workspace, "microcore"),
  ]);
});

test("an archive shows its size, age, and that it is up to date; then that it is stale", async ({
  tinsmith,
  engine,
}) => {
  const path = join(engine.workspace, "tinycore/tinycore-worker.tar.lz4");
  engine.leaveArchive(path, { inputs: [{ name: "setup.sh", digest: "none of today's" }] });
  const slot = tinsmith.slot("tinycore", "Worker image");
  await expect(slot).toContainText("50.0 MB");
  await expect(slot).toContainText("Stale: ");
  await expect(slot).toContainText("setup.sh");
});

test("deleting an archive asks once, says what it frees, and does it", async ({ tinsmith, engine }) => {
  const path = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  engine.leaveArchive(path);
  const slot = tinsmith.slot("microcore", "Setup image");
  await slot.getByRole("button", { name: /More for/ }).click();
  await tinsmith.page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(tinsmith.dialog).toContainText("frees 50.0 MB");
  await tinsmith.dialog.getByRole("button", { name: "Delete" }).click();
  await expect(slot).toContainText("Not built yet");
  expect(existsSync(path)).toBe(false);
});

test("a new image set is a folder with a recipe that stands by itself", async ({ tinsmith, engine }) => {
  await tinsmith.command("New image set");
  await tinsmith.dialog.getByLabel("Name").fill("mine");
  await tinsmith.dialog.getByRole("button", { name: "Make it" }).click();
  await expect(tinsmith.library.locator("strong", { hasText: "mine" })).toBeVisible();
  const folder = join(engine.workspace, "mine");
  expect(readFileSync(join(folder, "recipe.yaml"), "utf8")).toContain("cd: [setup.sh, worker.sh]");
  expect(existsSync(join(folder, "setup.sh"))).toBe(true);
});

test("a name that is taken is refused in the dialog, which stays", async ({ tinsmith }) => {
  await tinsmith.command("New image set");
  await tinsmith.dialog.getByLabel("Name").fill("microcore");
  await tinsmith.dialog.getByRole("button", { name: "Make it" }).click();
  await expect(tinsmith.dialog.getByRole("alert")).toContainText("exists already");
});

test("a recipe that is wrong says what is wrong with it", async ({ tinsmith, engine }) => {
  writeFileSync(join(engine.workspace, "microcore/recipe.yaml"), "colour: red\n");
  await expect(tinsmith.library).toContainText("is not a valid recipe");
  await expect(tinsmith.library).toContainText("colour");
});

test("an archive from elsewhere is refused with its reason when it is none", async ({ tinsmith, engine }) => {
  const path = join(engine.workspace, "not-an-archive.tar.lz4");
  writeFileSync(path, "hello");
  await tinsmith.command("Open an archive");
  await tinsmith.dialog.getByLabel("Path").fill(path);
  await tinsmith.dialog.getByRole("button", { name: "Open" }).click();
  await expect(tinsmith.dialog.getByRole("alert")).toContainText("not-an-archive");
});

test("an archive is looked into for its machine, its content and its digest", async ({
  tinsmith,
  engine,
}) => {
  const path = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await writeSampleArchive(path);
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /More for/ })
    .click();
  await tinsmith.page.getByRole("menuitem", { name: "What it was made from…" }).click();
  await expect(tinsmith.dialog).toContainText("512 MiB, processors as the host has them, qxl-vga, e1000");
  await expect(tinsmith.dialog).toContainText("disk.img");
  await expect(tinsmith.dialog).toContainText(/SHA-256[0-9a-f]{64}/);
});

test("an archive that can't be read says why when it is looked into", async ({ tinsmith, engine }) => {
  engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /More for/ })
    .click();
  await tinsmith.page.getByRole("menuitem", { name: "What it was made from…" }).click();
  await expect(tinsmith.dialog.getByRole("alert")).toContainText("microcore-worker.tar.lz4");
});

test("a past session says how it went, and deleting it asks once and says what it frees", async ({
  tinsmith,
  engine,
}) => {
  const build = await engine.begin("Worker image microcore", "/a");
  build.print("x".repeat(300_000));
  await build.fail({ code: "build-failed", message: "the guest panicked" });
  await tinsmith.showTab("Sessions");
  const item = tinsmith.page.getByRole("listitem").filter({ hasText: "Worker image microcore" });
  await expect(item).toContainText("the guest panicked");
  await item.getByRole("button", { name: "More for Worker image microcore" }).click();
  await tinsmith.page.getByRole("menuitem", { name: /Delete/ }).click();
  await expect(tinsmith.dialog).toContainText("which frees 300 kB");
  await tinsmith.dialog.getByRole("button", { name: "Delete" }).click();
  await expect(tinsmith.page.getByText("No session yet")).toBeVisible();
  expect(existsSync(build.session.paths.folder)).toBe(false);
});
