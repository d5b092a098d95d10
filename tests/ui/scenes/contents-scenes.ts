import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { ImageComparisonPage } from "../image-comparison-page.ts";
import { ImagePage } from "../image-page.ts";
import { leaveImage } from "../leave-image.ts";
import { leaveManifest } from "../leave-manifest.ts";
import { leaveOtherImage } from "../leave-other-image.ts";
import type { Scenes } from "./scene.ts";

/** The scenes of the files in images. */
export const contentsScenes: Scenes = {
  contents: async (tinsmith, engine) => {
    await leaveImage(engine);
    const image = await ImagePage.open(tinsmith);
    await image.row(/^etc /).locator("[data-fold]").click();
    await image.row(/^mydata.tgz /).dblclick();
    await expect(image.detail).toContainText("mydata.tgz");
    await expect(image.row(/^home /).nth(1)).toBeVisible();
  },
  "contents-preview": async (tinsmith, engine) => {
    await leaveImage(engine);
    const image = await ImagePage.open(tinsmith);
    await image.row(/^etc /).dblclick();
    await image.row(/^rc.local /).click();
    await expect(image.detail).toContainText("guest-tools --poll");
  },
  "contents-bytes": async (tinsmith, engine) => {
    await leaveImage(engine);
    const image = await ImagePage.open(tinsmith);
    await image.row(/^opt /).dblclick();
    await image.row(/^guest-tools /).click();
    await expect(image.detail).toContainText("7f 45 4c 46");
  },
  "contents-found": async (tinsmith, engine) => {
    await leaveImage(engine);
    const image = await ImagePage.open(tinsmith);
    await image.search.fill("o");
    await image.search.press("Enter");
    await image.found.filter({ hasText: "logo.png" }).click();
    await expect(image.detail).toContainText("64 × 64 pixels");
  },
  "contents-manifest": async (tinsmith, engine) => {
    await leaveImage(engine);
    leaveManifest(engine);
    const image = await ImagePage.open(tinsmith);
    await image.button("Show manifest").click();
    await image.button("Verify image").click();
    await expect(image.manifest).toContainText("not those of the manifest");
  },
  "import-disk": async (tinsmith, engine) => {
    await tinsmith.command("Import a disk");
    const { dialog } = tinsmith;
    const disk = join(engine.workspace, "debian.qcow2");
    writeFileSync(disk, "a disk");
    await dialog.getByLabel("Disk", { exact: true }).fill(disk);
    await dialog.getByLabel("Save as").fill(join(engine.workspace, "debian.tar.lz4"));
    engine.contents.hold();
    await dialog.getByRole("button", { name: "Import disk" }).click();
    await expect(dialog.getByRole("status")).toContainText("Packing the image archive.");
  },
  "contents-failed": async (tinsmith, engine) => {
    const path = await leaveImage(engine);
    engine.contents.leave(path, {
      error: {
        code: "damaged-file-system",
        message: `${path} is truncated: it ends inside an LZ4 block`,
        advice: "Rebuild it, or copy it once more.",
      },
    });
    const image = new ImagePage(tinsmith);
    await tinsmith
      .slot("microcore", "Worker image")
      .getByRole("button", { name: /^More for/ })
      .click();
    await tinsmith.page.getByRole("menuitem", { name: "Look inside" }).click();
    await expect(tinsmith.page.getByText("can't look inside")).toBeVisible();
    await expect(image.view).toBeHidden();
  },
  "contents-compare": async (tinsmith, engine) => {
    await leaveImage(engine);
    await leaveOtherImage(engine);
    const comparison = await ImageComparisonPage.open(tinsmith);
    await comparison.row("rc.local").click();
    await expect(comparison.detail.getByRole("region", { name: "Before and After" })).toContainText(
      "poll 20",
    );
  },
};
