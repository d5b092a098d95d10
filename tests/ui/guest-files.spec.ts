import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { holdAnswers } from "./hold-answers.ts";
import { idleGuest } from "./idle-guest.ts";
import { RunPage } from "./run-page.ts";

/** Names that would do harm where they are not shown with care. */
const hostile = {
  html: "/home/tc/<img src=x onerror=alert(1)>",
  rtl: "/home/tc/\u202Egnp.exe",
  escape: "/home/tc/\x1b[31mred",
  line: "/home/tc/two\nlines",
};

test("a listing is a tree that opens, closes and is filtered; hostile names are shown harmlessly", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  run.join({
    ...idleGuest,
    files: {
      "/home/tc/deep/er/file": "x",
      ...Object.fromEntries(Object.values(hostile).map((path) => [path, "x"])),
    },
  });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  await expect(view.file("deep")).toBeVisible();
  await view.file("deep").click();
  await view.file(/^er/).click();
  await expect(view.file(/^file/)).toBeVisible();
  await expect(view.files).toContainText("<img src=x onerror=alert(1)>");
  await expect(view.files).toContainText("\\u{202e}gnp.exe");
  await expect(view.files).toContainText("\\x1b[31mred");
  await expect(view.files).toContainText("two\\nlines");
  expect(await tinsmith.page.locator("img[src='x']").count()).toBe(0);
  await view.files.getByLabel("Filter files").fill("er/fi");
  await expect(view.files.getByRole("treeitem")).toHaveText([/^deep/, /^er/, /^file/]);
});

test("a folder that is not there is said; / is listed only when that is wanted", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const guest = run.join({ ...idleGuest, files: { "//etc": "", "/home/tc/own": "" } });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  await expect(view.file("own")).toBeVisible();
  await view.list("/nothing");
  await expect(view.files.getByRole("alert")).toContainText("The guest has no folder /nothing");
  await expect(view.file("own")).toBeHidden();
  await view.list("/");
  await expect(tinsmith.dialog).toContainText("List every file in the guest?");
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  expect(guest.asked).toEqual(["list-folder /home/tc", "list-folder /nothing"]);
  await view.list("/");
  await tinsmith.dialog.getByRole("button", { name: "List every file" }).click();
  await expect.poll(() => guest.asked).toContain("list-folder /");
});

test("an empty listing says how to list the folder if the path is a link", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  const asked = run.poll();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/link");
  const { id } = await asked;
  run
    .request("POST", `reply?id=${id}`, { "Content-Type": "application/json" })
    .end('{"files": [], "notFound": false}');
  await expect(view.files).toContainText("If /link is a link to a folder, list /link/ instead");
});

test("a file is copied to the host with its progress; one that already exists stays as it is", async ({
  tinsmith,
  engine,
}) => {
  const content = Buffer.alloc(5_000_000, "artifact\n");
  const run = await engine.beginRun();
  run.join({ ...idleGuest, files: { "/home/tc/artifact": content } });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const target = join(engine.workspace, "copy");
  await view.download("artifact", target);
  await expect(view.downloads.getByRole("img", { name: "Done" })).toBeVisible();
  expect(readFileSync(target).equals(content)).toBe(true);
  await view.download("artifact", target);
  await expect(tinsmith.dialog.getByLabel("Save as")).toHaveAccessibleDescription(/copy already exists/);
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(view.downloads).toHaveCount(1);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("a path that a person types stays when the suggested one comes later", async ({
  tinsmith,
  engine,
  page,
}) => {
  const run = await engine.beginRun();
  run.join({ ...idleGuest, files: { "/home/tc/artifact": "x" } });
  const letAnswersCome = await holdAnswers(page, "downloads/suggest");
  await page.reload();
  await tinsmith.isUsable();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  await view.file("artifact").getByRole("button").click();
  const { dialog } = tinsmith;
  const target = join(engine.workspace, "typed");
  await dialog.getByLabel("Save as").fill(target);
  await letAnswersCome();
  await expect(dialog.getByLabel("Save as")).toHaveValue(target);
});

test("a file that vanishes in mid-download is tried again, then given up, and leaves nothing", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const listing = run.poll();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const { id } = await listing;
  run
    .request("POST", `reply?id=${id}`, { "Content-Type": "application/json" })
    .end(JSON.stringify({ files: ["/home/tc/vanishing"], notFound: false }));
  const target = join(engine.workspace, "vanished");
  await view.download("vanishing", target);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const action = await run.poll();
    expect(action).toMatchObject({ type: "get-artifact", path: "/home/tc/vanishing" });
    const reply = run.request("POST", `reply?id=${action.id}`, { "Content-Length": 20_000_000 });
    reply.on("error", () => {});
    reply.write(Buffer.alloc(1_000_000));
    await expect(view.downloads).toContainText("1.0 MB of 20.0 MB");
    reply.destroy();
  }
  await expect(view.downloads.getByRole("img", { name: "Failed" })).toBeVisible();
  await expect(view.downloads).toContainText("failed after 3 tries");
  expect(existsSync(target)).toBe(false);
});
