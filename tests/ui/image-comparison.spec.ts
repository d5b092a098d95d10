import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { ImageComparisonPage } from "./image-comparison-page.ts";
import { leaveImage } from "./leave-image.ts";
import { leaveOtherImage } from "./leave-other-image.ts";

test("two images are compared: folded by folder, filtered, with the lines that differ", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  await leaveOtherImage(engine);
  const comparison = await ImageComparisonPage.open(tinsmith);
  await expect(comparison.result).toHaveText("9 differences. The second image has 1.3 MB more data.");
  await expect(comparison.view.getByRole("list", { name: "Parts that were not compared" })).toContainText(
    "broken.tgz can't be read",
  );
  await expect(comparison.row("guest-tools")).toContainText("5.4 MB → 6.6 MB");
  await expect(comparison.row("guest-tools")).toContainText("+1.2 MB");
  await expect(comparison.row("plugins")).toContainText("+83.9 kB");
  await expect(comparison.row("random-seed")).toHaveCount(0);
  await comparison.button(/^Hide expected differences 2/).click();
  await expect(comparison.row("random-seed")).toContainText("random bytes");
  await comparison.button(/^Added 2/).click();
  await expect(comparison.row("screen.so")).toHaveCount(0);

  await comparison.row("rc.local").click();
  await expect(comparison.detail.locator(".cm-changedLine").first()).toContainText("poll 35");
  await comparison.row("hostname").click();
  await expect(comparison.detail).toContainText("-rw-r--r-- → -rw-------");
  await comparison.row("disk.img/partition1").click();
  await expect(comparison.rows).toHaveCount(1);
});

test("compared images are swapped in place, with the older one first; a folder's line has room for its count", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  await leaveOtherImage(engine);
  const comparison = await ImageComparisonPage.open(tinsmith);
  const links = comparison.view.getByRole("link").or(comparison.view.locator(".change-images button.link"));
  await expect(links).toHaveText([/microcore-worker/, /tinycore-worker/]);
  await expect(comparison.row("screen.so").getByRole("img")).toHaveAccessibleName("Added");
  await comparison.button("Swap images").click();
  await expect(links).toHaveText([/tinycore-worker/, /microcore-worker/]);
  await expect(comparison.button("Swap images")).toBeFocused();
  await expect(comparison.result).toHaveText("9 differences. The second image has 1.3 MB less data.");
  await expect(comparison.row("screen.so").getByRole("img")).toHaveAccessibleName("Removed");
  await expect(comparison.row("guest-tools")).toContainText("6.6 MB → 5.4 MB");
  await expect(tinsmith.tabs("tinycore-worker ↔ microcore-worker")).toBeVisible();

  const count = comparison.row("disk.img/partition1").locator(".change-sizes");
  await expect(count).toHaveText("7 differences");
  expect(await count.evaluate((shown) => shown.scrollWidth <= shown.clientWidth)).toBe(true);
  // The panel is the same one, in either order.
  await tinsmith.showTab("microcore-worker.tar.lz4");
  await tinsmith.command("Compare an image with");
  await tinsmith.page.getByRole("option").filter({ hasText: "Worker image of tinycore" }).click();
  await expect(links).toHaveText([/microcore-worker/, /tinycore-worker/]);
  await expect(tinsmith.tabs("↔")).toHaveCount(1);
});

test("the beginnings of long files are compared, and both can be downloaded from there; folds have a sign that fonts have", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  await leaveOtherImage(engine);
  const same = "the same line\n".repeat(40);
  for (const [set, last] of [
    ["microcore", "one"],
    ["tinycore", "other"],
  ] as const)
    engine.contents.change(
      join(engine.workspace, set, `${set}-worker.tar.lz4`),
      "/disk.img/partition1/etc/rc.local",
      { content: `${same}${last}\n`, size: 3_000_000 },
    );
  const comparison = await ImageComparisonPage.open(tinsmith);
  await comparison.row("rc.local").click();
  const fold = comparison.detail.locator(".cm-collapsedLines").first();
  await expect(fold).toContainText("unchanged lines");
  for (const place of ["::before", "::after"])
    expect(await fold.evaluate((shown, at) => getComputedStyle(shown, at).content, place)).toBe('"…"');
  await comparison.detail.getByRole("button", { name: "Download second file…" }).click();
  const target = join(engine.workspace, "rc.local");
  await tinsmith.dialog.getByLabel("Save as").fill(target);
  await tinsmith.dialog.getByRole("button", { name: "Download file" }).click();
  await expect(comparison.view.getByRole("list", { name: "Downloads from the second image" })).toContainText(
    target,
  );
});
