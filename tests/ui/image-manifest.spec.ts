import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { ImagePage } from "./image-page.ts";
import { leaveImage } from "./leave-image.ts";
import { leaveManifest } from "./leave-manifest.ts";

test("the manifest says how an image was made, and leads to the session; a chosen file takes its place", async ({
  tinsmith,
  engine,
}) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await build.succeed();
  await leaveImage(engine);
  leaveManifest(engine, build.session.id);
  const image = await ImagePage.open(tinsmith);
  await image.button("Show manifest").click();
  await expect(image.manifest).toContainText("Worker image, built by a recipe");
  await expect(image.manifest).toContainText("of microcore");
  await expect(image.manifest.getByRole("region", { name: "Inputs" })).toContainText("setup image");
  await expect(image.manifest.getByRole("region", { name: "Tools" })).toContainText("7.2.17");
  await image.row(/^etc /).click();
  await expect(image.manifest).toBeHidden();
  await expect(image.button("Show manifest")).toHaveAttribute("aria-pressed", "false");
  await image.button("Show manifest").click();
  await image.manifest.getByRole("button", { name: build.session.id }).click();
  await expect(tinsmith.build).toBeVisible();
});

test("an image is verified: each finding is shown, with the files that differ; a verification can be cancelled", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  leaveManifest(engine);
  const image = await ImagePage.open(tinsmith);
  await image.button("Show manifest").click();
  await expect(image.manifest).toContainText("20261124-050313-d739, which is not on this host");
  const give = engine.contents.hold();
  await image.button("Verify image").click();
  await image.button("Cancel verification").click();
  await expect(image.button("Verify image")).toBeVisible();
  give();
  await image.button("Verify image").click();
  const result = image.manifest.getByRole("region", { name: "Verification" });
  await expect(result.getByRole("status")).toHaveText("1 thing is not as the manifest says");
  await expect(result.getByRole("img", { name: "As it should be", exact: true })).toHaveCount(2);
  await expect(result).toContainText("D /disk.img/partition1/etc/motd: 5 bytes");
  await expect(result).toContainText("Find out who has changed them.");
});

test("an image without a manifest says so", async ({ tinsmith, engine }) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.button("Show manifest").click();
  await expect(image.manifest).toContainText("This image has no manifest");
  await expect(image.button("Verify image")).toHaveCount(0);
});
