import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildInputs } from "../../core/builder/inputs/build-inputs.ts";
import { readImageSet } from "../../core/image-set/image-set.ts";
import { makePlan } from "../../shared/contracts/plan.ts";
import { byHandInput, stepsInput } from "../../shared/library/installed-by.ts";
import { expect, test } from "./fixtures.ts";
import { writeSampleArchive } from "./sample-archive.ts";

test("an image that was never built says so, and offers to build it", async ({ tinsmith, engine }) => {
  const slot = tinsmith.slot("microcore", "Worker image");
  await expect(slot).toContainText("Not built yet");
  await slot.getByRole("button", { name: "Build" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  expect(engine.started[0]?.plan).toEqual(
    makePlan({
      kind: "rebuild",
      image: "worker",
      folder: join(engine.workspace, "microcore"),
      trusted: [],
    }),
  );
});

test("an archive shows its size, age, and that it is up to date; then that it is stale", async ({
  tinsmith,
  engine,
}) => {
  const path = join(engine.workspace, "tinycore/tinycore-worker.tar.lz4");
  await engine.leaveArchive(path, {
    inputs: [{ kind: "cd-file", name: "setup.sh", digest: "none of today's" }],
  });
  const slot = tinsmith.slot("tinycore", "Worker image");
  await expect(slot).toContainText("50.0 MB");
  await expect(slot).toContainText("Stale: ");
  await expect(slot).toContainText("setup.sh");
});

test("an image that a person has installed says so, and is not stale for that", async ({
  tinsmith,
  engine,
}) => {
  const folder = join(engine.workspace, "microcore");
  const recipe = await buildInputs(readImageSet(folder), "setup");
  const byHand = { kind: "choice", name: byHandInput, digest: "none" } as const;
  await engine.leaveArchive(join(folder, "microcore-setup.tar.lz4"), { inputs: [...recipe, byHand] });
  const slot = tinsmith.slot("microcore", "Setup image");
  await expect(slot).toContainText("Installed by hand");
  await expect(slot).not.toContainText("Stale");
  writeFileSync(join(folder, "machine.json"), '{"version": 1, "cores": 2}');
  await expect(slot).toContainText("Stale: ");
});

test("an image that the steps of a chosen file have installed says so, and is not stale for that", async ({
  tinsmith,
  engine,
}) => {
  const folder = join(engine.workspace, "microcore");
  const recipe = await buildInputs(readImageSet(folder), "setup");
  const steps = { kind: "choice", name: stepsInput("mine.steps.yaml"), digest: "of them" } as const;
  const size = { kind: "choice", name: "disk size (4 GiB was chosen)", digest: "4" } as const;
  await engine.leaveArchive(join(folder, "microcore-setup.tar.lz4"), { inputs: [...recipe, steps, size] });
  const slot = tinsmith.slot("microcore", "Setup image");
  await expect(slot).toContainText("Installed by mine.steps.yaml");
  await expect(slot).not.toContainText("Stale");
});

test("deleting an archive asks once, says what it frees, and does it", async ({ tinsmith, engine }) => {
  const path = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  await engine.leaveArchive(path);
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
  await tinsmith.dialog.getByRole("button", { name: "Create image set" }).click();
  await expect(tinsmith.library.locator("strong", { hasText: "mine" })).toBeVisible();
  const folder = join(engine.workspace, "mine");
  expect(readFileSync(join(folder, "recipe.yaml"), "utf8")).toContain("cd: [setup.sh, worker.sh]");
  expect(existsSync(join(folder, "setup.sh"))).toBe(true);
});

test("a name that is taken is refused in the dialog, which stays", async ({ tinsmith }) => {
  await tinsmith.command("New image set");
  await tinsmith.dialog.getByLabel("Name").fill("microcore");
  await tinsmith.dialog.getByRole("button", { name: "Create image set" }).click();
  await expect(tinsmith.dialog.getByRole("alert")).toContainText("already exists");
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
  await tinsmith.page.getByRole("menuitem", { name: "Show details…" }).click();
  await expect(tinsmith.dialog).toContainText("512 MiB, processors chosen by the host, qxl-vga, e1000");
  await expect(tinsmith.dialog).toContainText("disk.img");
  await expect(tinsmith.dialog).toContainText(/SHA-256[0-9a-f]{64}/);
});

test("an archive that can't be read says why when it is looked into", async ({ tinsmith, engine }) => {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /More for/ })
    .click();
  await tinsmith.page.getByRole("menuitem", { name: "Show details…" }).click();
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
  await expect(tinsmith.page.getByText("No sessions yet")).toBeVisible();
  expect(existsSync(build.session.paths.folder)).toBe(false);
});

test("when the chosen image set vanishes, no other one takes its place under the toolbar's buttons", async ({
  tinsmith,
  engine,
  page,
}) => {
  await engine.leaveArchive(join(engine.workspace, "tinycore/tinycore-setup.tar.lz4"));
  await tinsmith.library.getByRole("button", { name: /^microcore/ }).click();
  await expect(tinsmith.toolbar.getByRole("button", { name: "Image set: microcore" })).toBeVisible();
  rmSync(join(engine.workspace, "microcore"), { recursive: true });
  await expect(tinsmith.toolbar.getByRole("button", { name: "Choose an image set" })).toBeVisible();
  const rebuild = tinsmith.toolbar.getByRole("button", { name: "Rebuild worker" });
  await expect(page.locator(".welcome").getByRole("button", { name: "Rebuild worker" })).toBeDisabled();
  await expect(rebuild).toBeDisabled();
  await page.keyboard.press("Shift");
  await rebuild.focus();
  await expect(page.getByRole("tooltip")).toContainText("Choose an image set first");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Shift+B");
  await expect(tinsmith.errors).toContainText("No image set is chosen");
  expect(engine.started).toEqual([]);
});

test("image sets of one name are told apart in the palette by their folders", async ({
  tinsmith,
  engine,
  page,
}) => {
  const other = join(dirname(engine.workspace), "other");
  cpSync(join(engine.workspace, "microcore"), join(other, "microcore"), { recursive: true });
  await tinsmith.command("Settings");
  await tinsmith.dialog.getByLabel("Workspace folders").fill(`${engine.workspace}\n${other}`);
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(tinsmith.library.getByRole("button", { name: /^microcore/ })).toHaveCount(2);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("recipe.yaml of microcore");
  const found = tinsmith.dialog.getByRole("option", { name: /recipe\.yaml of .*microcore/ });
  await expect(found).toHaveCount(2);
  await expect(tinsmith.dialog.getByRole("option", { selected: true })).toHaveCount(1);
  await found.filter({ hasText: other }).click();
  await expect(page.locator(".editor-name")).toHaveAttribute("title", join(other, "microcore/recipe.yaml"));
});

test("an image whose last build failed says so, and leads to that build", async ({ tinsmith, engine }) => {
  const path = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await engine.leaveArchive(path);
  const build = await engine.begin("Worker image microcore", path);
  build.start("guest");
  await build.fail({ code: "build-failed", message: "the disk is full" });
  const slot = tinsmith.slot("microcore", "Worker image");
  await slot.getByRole("button", { name: "Last build failed, just now" }).click();
  await expect(tinsmith.build.getByRole("region", { name: "Failure" })).toContainText("The disk is full");
});
