import { expect, test } from "./fixtures.ts";
import { ImageComparisonPage } from "./image-comparison-page.ts";
import { ImagePage } from "./image-page.ts";
import { leaveImage } from "./leave-image.ts";
import { leaveOtherImage } from "./leave-other-image.ts";

test("the files in each folder are sorted by a click on a column", async ({ tinsmith, engine, page }) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.row(/^opt /).dblclick();
  await expect(image.row(/^logo\.png /)).toBeVisible();
  // The first line is a note.
  const names = () => image.tree.getByRole("row", { level: 3 }).locator(".entry-text").allTextContents();
  const head = (name: string) => image.tree.getByRole("columnheader", { name });
  const byName = await names();
  await expect(head("Name")).toHaveAttribute("aria-sort", "ascending");

  await head("Size").getByRole("button").click();
  await expect(head("Size")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(async () => (await names()).slice(1, 3)).toEqual(["mydata.tgz", "broken.tgz"]);
  await expect(image.row(/^guest-tools /)).toHaveAttribute("aria-posinset", "1");
  await head("Size").getByRole("button").click();
  await expect.poll(async () => (await names()).slice(1, 3)).toEqual(["broken.tgz", "mydata.tgz"]);
  await expect(image.row(/^guest-tools /)).toHaveAttribute("aria-posinset", "2");

  // The keys follow the order that is shown.
  await image.row(/^broken\.tgz /).click();
  await image.tree.focus();
  await page.keyboard.press("ArrowDown");
  await expect(image.chosen).toContainText("mydata.tgz");

  await head("Size").getByRole("button").click();
  await expect(head("Name")).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(names).toEqual(byName);
});

test("the list of files is widened by its edge, for all images, and stays as wide", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  const width = async () => (await image.tree.boundingBox())?.width ?? 0;
  const usual = await width();
  const edge = image.view.getByRole("slider", { name: "Width of the list of files" });
  const { x = 0, y = 0, height = 0, width: grip = 0 } = (await edge.boundingBox()) ?? {};
  await page.mouse.move(x + grip / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + grip / 2 - 90, y + height / 2, { steps: 3 });
  await page.mouse.up();
  await expect.poll(width).toBeCloseTo(usual - 90, 0);

  await edge.press("ArrowLeft");
  await expect.poll(width).toBeCloseTo(usual - 98, 0);
  await page.reload();
  await expect.poll(width).toBeCloseTo(usual - 98, 0);
  // However wide the list is wanted, the details keep some room.
  for (let press = 0; press < 40; press += 1) await edge.press("Shift+ArrowRight");
  const detail = await image.detail.boundingBox();
  expect(detail?.width).toBeGreaterThan(200);
  await edge.press("Enter");
  await expect.poll(width).toBeCloseTo(usual, 0);
});

test("the list of a comparison is widened by its edge", async ({ tinsmith, engine, page }) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await leaveImage(engine);
  await leaveOtherImage(engine);
  const { view } = await ImageComparisonPage.open(tinsmith);
  const list = view.getByRole("tree");
  const width = async () => (await list.boundingBox())?.width ?? 0;
  const usual = await width();
  const edge = view.getByRole("slider", { name: "Width of the list of files" });
  await edge.press("Shift+ArrowRight");
  await expect.poll(width).toBeCloseTo(usual + 40, 0);
  await edge.press("Home");
  await expect.poll(width).toBeCloseTo(usual, 0);
});
