import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { leaveImage } from "./leave-image.ts";

test("a disk is imported from the library, with a machine definition, and listed there", async ({
  tinsmith,
  engine,
  page,
}) => {
  const disk = join(engine.workspace, "debian.qcow2");
  const target = join(engine.workspace, "imported.tar.lz4");
  writeFileSync(disk, "QFI\xfb", "latin1");
  await page.getByRole("button", { name: "Open an archive" }).click();
  const { dialog } = tinsmith;
  await dialog.getByLabel("Path").fill(disk);
  await dialog.getByRole("button", { name: "Open file" }).click();
  await expect(dialog.getByLabel("Disk", { exact: true })).toHaveValue(disk);
  await expect(dialog.getByLabel("Save as")).toHaveValue(/debian\.tar.*\.lz4$/);
  await dialog.getByLabel("Machine definition").selectOption("That of microcore");
  await dialog.getByLabel("Save as").fill(target);
  const give = engine.contents.hold();
  await dialog.getByRole("button", { name: "Import disk" }).click();
  await expect(dialog.getByRole("progressbar", { name: "Import progress" })).toBeVisible();
  await expect(dialog.getByRole("status")).toContainText("Packing the image archive.");
  give();
  await expect(dialog).toBeHidden();
  expect(engine.contents.lastMoved()).toMatchObject({
    ...{ disk, target },
    machine: join(engine.workspace, "microcore/machine.json"),
  });
  await expect(page.getByRole("button", { name: "More for imported.tar.lz4" })).toBeVisible();
});

test("an import that is cancelled adds nothing to the library", async ({ tinsmith, engine, page }) => {
  const disk = join(engine.workspace, "debian.qcow2");
  writeFileSync(disk, "a disk");
  await tinsmith.command("Import a disk");
  const { dialog } = tinsmith;
  await dialog.getByLabel("Disk", { exact: true }).fill(disk);
  await dialog.getByLabel("Save as").fill(join(engine.workspace, "imported.tar.lz4"));
  const give = engine.contents.hold();
  await dialog.getByRole("button", { name: "Import disk" }).click();
  await expect(dialog.getByRole("status")).toContainText("Packing the image archive.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  give();
  await expect(page.getByText("No archive imported yet.")).toBeVisible();
  await expect(tinsmith.errors).toHaveCount(0);
});

test("the disk of an image is exported from its menu", async ({ tinsmith, engine, page }) => {
  const image = await leaveImage(engine);
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /^More for/ })
    .click();
  await page.getByRole("menuitem", { name: "Export its disk…" }).click();
  const { dialog } = tinsmith;
  await expect(dialog.getByLabel("Save as")).toHaveValue(/microcore-worker(?: \(\d+\))?\.qcow2$/);
  const target = join(engine.workspace, "worker.vmdk");
  await dialog.getByLabel("Save as").fill(target);
  const give = engine.contents.hold();
  await dialog.getByRole("button", { name: "Export disk" }).click();
  await expect(dialog.getByRole("progressbar", { name: "Export progress" })).toBeVisible();
  give();
  await expect(dialog).toBeHidden();
  await expect(tinsmith.notices).toContainText(`${target}: 48.2 MB.`);
  expect(engine.contents.lastMoved()).toEqual({ image, target });
});
