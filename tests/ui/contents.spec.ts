import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { ImagePage } from "./image-page.ts";
import { leaveImage } from "./leave-image.ts";

test("the files of the file systems in an image are seen at once, with their metadata", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await expect(tinsmith.tabs("microcore-worker.tar.lz4")).toBeVisible();
  await expect(image.chosen).toContainText("partition1");
  await expect(image.detail).toContainText("ext4, “root”");
  await expect(image.row(/^partition2 /)).toHaveAttribute("aria-expanded", "false");
  await expect(image.row(/^opt /)).toHaveAttribute("aria-level", "3");
  await expect(image.row(/^opt /)).toContainText("drwxr-xr-x");
  await expect(image.row(/journal/)).toContainText("not replayed");
  await image.row(/^etc /).dblclick();
  await expect(image.row(/^rc\.local /)).toContainText("-rwxr-xr-x");
  await expect(image.row(/^mtab /)).toContainText("→ /proc/mounts");
  await expect(image.parts.getByRole("button", { name: /^Partition 1 / })).toContainText(
    "67.1 MB of 944 MB used",
  );
});

test("the tree is gone through by keyboard, into archives, too", async ({ tinsmith, engine, page }) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await expect(image.chosen).toContainText("partition1");
  await image.tree.focus();
  await page.keyboard.type("myd");
  await expect(image.chosen).toContainText("mydata.tgz");
  await expect(image.chosen).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowRight");
  await expect(image.chosen).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowRight");
  await expect(image.chosen).toContainText("home");
  // The next key may come before the folder has been read.
  const give = engine.contents.hold();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect(image.chosen).toContainText("Reading…");
  give();
  await expect(image.chosen).toContainText(".ashrc");
  await expect(image.detail).toContainText("alias ll");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(image.chosen).toHaveAttribute("aria-expanded", "false");
});

test("an archive that is damaged says so in its place, and is read again by Enter", async ({
  tinsmith,
  engine,
  page,
}) => {
  const path = await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.row(/^broken\.tgz /).dblclick();
  const problem = image.row(/can't be read/);
  await expect(problem).toContainText("it ends inside a block");
  engine.contents.change(path, "/disk.img/partition1/broken.tgz", { files: { fixed: { content: "x" } } });
  await problem.click();
  await image.tree.focus();
  await page.keyboard.press("Enter");
  await expect(image.row(/^fixed /)).toBeVisible();
});

test("a folder shows that it is being read, that it is empty, and that it has more", async ({
  tinsmith,
  engine,
}) => {
  const path = await leaveImage(engine);
  engine.contents.change(path, "/disk.img/partition1/opt", { isCut: true });
  const image = await ImagePage.open(tinsmith);
  await image.row(/^tmp /).dblclick();
  await expect(image.row("Empty")).toBeVisible();
  const give = engine.contents.hold();
  await image.row(/^opt /).dblclick();
  await expect(image.row("Reading…")).toBeVisible();
  give();
  await expect(image.row(/has more entries/)).toBeVisible();
  await expect(image.row("Reading…")).toHaveCount(0);
});

test("an image that can't be opened says why, and can be tried again", async ({ tinsmith, engine, page }) => {
  const path = await leaveImage(engine);
  engine.contents.leave(path, { error: { code: "damaged-file-system", message: "it ends inside a block" } });
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /^More for/ })
    .click();
  await page.getByRole("menuitem", { name: "Look inside" }).click();
  await expect(page.getByText("It ends inside a block")).toBeVisible();
  engine.contents.leave(path, { files: { a: { content: "x" } } });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(new ImagePage(tinsmith).row(/^a /)).toBeVisible();
});

test("an image with much data is unpacked when a person has said so", async ({ tinsmith, engine, page }) => {
  const path = await leaveImage(engine);
  const error = { code: "not-confirmed", message: "the disk has 3 GB of data" } as const;
  engine.contents.leave(path, { error, files: { a: { content: "x" } } });
  await tinsmith
    .slot("microcore", "Worker image")
    .getByRole("button", { name: /^More for/ })
    .click();
  await page.getByRole("menuitem", { name: "Look inside" }).click();
  await expect(page.getByText("The disk has 3 GB of data.")).toBeVisible();
  await page.getByRole("button", { name: "Unpack image" }).click();
  await expect(new ImagePage(tinsmith).row(/^a /)).toBeVisible();
});

test("an image with much data is looked into at once, and unpacked for a search when a person has said so", async ({
  tinsmith,
  engine,
  page,
}) => {
  const path = await leaveImage(engine);
  const searchError = { code: "not-confirmed", message: "the disk has 3 GB of data" } as const;
  engine.contents.leave(path, { searchError, files: { needle: { content: "x" }, other: { content: "x" } } });
  const image = await ImagePage.open(tinsmith);
  await expect(image.row(/^other /)).toBeVisible();
  await image.search.fill("need");
  await image.search.press("Enter");
  await expect(page.getByText("The disk has 3 GB of data.")).toBeVisible();
  await page.getByRole("button", { name: "Unpack image" }).click();
  await expect(image.found).toHaveText(/needle/);
});

test("a file is shown as text, bytes or a picture", async ({ tinsmith, engine }) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.row(/^opt /).dblclick();
  await image.row(/^guest-tools /).click();
  await expect(image.detail).toContainText("000000  7f 45 4c 46");
  await expect(image.detail).toContainText("This is the beginning of 6.6 MB");
  await image.row(/^logo\.png /).click();
  await expect(image.detail.getByRole("img", { name: /logo\.png/ })).toBeVisible();
  await expect(image.detail).toContainText("64 × 64 pixels");
  await image.row(/^machine\.json /).click();
  await expect(image.detail.getByRole("textbox", { name: "machine.json" })).toContainText('"memory": 512');
});

test("a file and a folder are downloaded", async ({ tinsmith, engine, page }) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.row(/^etc /).click();
  await image.detail.getByRole("button", { name: "Download folder…" }).click();
  await expect(tinsmith.dialog.getByLabel("Save as")).toHaveValue(/etc\.tar$/);
  await page.keyboard.press("Escape");
  await image.row(/^etc /).dblclick();
  await image.row(/^hostname /).click();
  await image.detail.getByRole("button", { name: "Download file…" }).click();
  const target = join(engine.workspace, "hostname");
  await tinsmith.dialog.getByLabel("Save as").fill(target);
  await tinsmith.dialog.getByRole("button", { name: "Download file" }).click();
  await expect(image.view.getByRole("list", { name: "Downloads" })).toContainText(target);
  await expect.poll(() => existsSync(target) && readFileSync(target, "utf8")).toBe("box\n");
});

test("files are found by name and by content, and shown in the tree; a search can be cancelled", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await image.search.fill("ashrc");
  await image.search.press("Enter");
  await expect(image.foundCount).toHaveText("1 file named like “ashrc”");
  await image.found.click();
  await expect(image.detail).toContainText("alias ll");
  await image.button("Show in tree").click();
  await expect(image.chosen).toContainText(".ashrc");

  await image.view.getByLabel("Search in").selectOption("contents");
  await image.search.fill("poll");
  await image.search.press("Enter");
  await expect(image.found).toContainText(["rc.local"]);
  await image.found.first().click();
  await expect(image.detail.locator(".cm-searchMatch")).toHaveText(["poll"]);

  await image.view.getByLabel("Search in").selectOption("names");
  await image.search.fill("e");
  await image.search.press("Enter");
  await expect(image.foundCount).toContainText("There may be more");
  const give = engine.contents.hold();
  await image.search.fill("o");
  await image.search.press("Enter");
  await expect(image.foundCount).toContainText("so far");
  await image.button("Cancel search").click();
  await expect(image.foundCount).toContainText("until the search was cancelled");
  give();
  await image.search.press("Escape");
  await expect(image.tree).toBeVisible();
});

test("an image opens from the palette, by its path, and is there again after a reload", async ({
  tinsmith,
  engine,
  page,
}) => {
  await leaveImage(engine);
  const disk = join(engine.workspace, "disk.img");
  writeFileSync(disk, "");
  engine.contents.leave(disk, { files: { notes: { content: "x" } } });
  await tinsmith.command("Look inside an image");
  await page.getByRole("option").filter({ hasText: "Another file…" }).click();
  await tinsmith.dialog.getByLabel("Path").fill(disk);
  await tinsmith.dialog.getByRole("button", { name: "Look inside" }).click();
  const image = new ImagePage(tinsmith);
  await expect(image.row(/^notes /)).toBeVisible();
  await page.reload();
  await tinsmith.isUsable();
  await expect(image.row(/^notes /)).toBeVisible();
  await expect(tinsmith.tabs("disk.img")).toBeVisible();
});

test("a click on a partition leads to it from the results of a search; a partition without files says so", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  await expect(image.parts.getByRole("listitem").nth(1)).toContainText(/^1 ext4/);
  await image.search.fill("ashrc");
  await image.search.press("Enter");
  await expect(image.foundCount).toHaveText("1 file named like “ashrc”");
  await image.parts.getByRole("button", { name: /^Partition 2 Linux swap/ }).click();
  await expect(image.chosen).toContainText("partition2");
  await expect(image.detail).toContainText("KindLinux swap");
  await expect(image.detail).toContainText("no file system");
  await expect(image.detail).not.toContainText("On disk");
  await expect(image.detail.locator(".entry-dump")).toHaveCount(0);
});

test("the file that a search leads to is in the middle of the tree, and its name has room", async ({
  tinsmith,
  engine,
  page,
}) => {
  const path = await leaveImage(engine);
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`file${1_000 + at}`, { content: "x" }]),
  );
  engine.contents.change(path, "/disk.img/partition1/opt", { files: many });
  await page.setViewportSize({ width: 1440, height: 900 });
  const image = await ImagePage.open(tinsmith);
  await image.search.fill("file1100");
  await image.search.press("Enter");
  await image.found.dblclick();
  await expect(image.chosen).toContainText("file1100");
  const [row, list] = await Promise.all([image.chosen.boundingBox(), image.tree.boundingBox()]);
  if (!row || !list) throw new Error("the tree is not shown");
  const place = (row.y - list.y) / list.height;
  expect(place).toBeGreaterThan(0.35);
  expect(place).toBeLessThan(0.65);
  const name = await image.chosen.locator(".entry-name").boundingBox();
  expect(name?.width).toBeGreaterThan(300);
});

test("a download that is done leaves the list when the next one begins, and when the image is left", async ({
  tinsmith,
  engine,
}) => {
  await leaveImage(engine);
  const image = await ImagePage.open(tinsmith);
  const downloads = image.view.getByRole("list", { name: "Downloads" }).getByRole("listitem");
  await image.row(/^etc /).click();
  for (const name of ["one.tar", "two.tar"]) {
    await image.detail.getByRole("button", { name: "Download folder…" }).click();
    await tinsmith.dialog.getByLabel("Save as").fill(join(engine.workspace, name));
    await tinsmith.dialog.getByRole("button", { name: "Download folder" }).click();
    await expect(downloads).toHaveCount(1);
    await expect(downloads).toContainText(name);
    await expect(downloads.getByRole("img", { name: "Done" })).toBeVisible();
  }
  await tinsmith.command("Doctor");
  await expect(image.view).toBeHidden();
  await tinsmith.showTab("microcore-worker.tar.lz4");
  await expect(image.tree).toBeVisible();
  await expect(downloads).toHaveCount(0);
});
