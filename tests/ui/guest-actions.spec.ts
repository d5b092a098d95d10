import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";

const idle = { files: {}, shell: async () => true };

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
    ...idle,
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
  const guest = run.join({ ...idle, files: { "//etc": "" } });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/nothing");
  await expect(view.files.getByRole("alert")).toContainText("the guest has no folder /nothing");
  await view.list("/");
  await expect(tinsmith.dialog).toContainText("List every file in the guest?");
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  expect(guest.asked).toEqual(["list-folder /nothing"]);
  await view.list("/");
  await tinsmith.dialog.getByRole("button", { name: "List all" }).click();
  await expect.poll(() => guest.asked).toContain("list-folder /");
});

test("a file is copied to the host with its progress; one that is there already stays as it is", async ({
  tinsmith,
  engine,
}) => {
  const content = Buffer.alloc(5_000_000, "artifact\n");
  const run = await engine.beginRun();
  run.join({ ...idle, files: { "/home/tc/artifact": content } });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const target = join(engine.workspace, "copy");
  await view.download("artifact", target);
  await expect(view.downloads.getByRole("img", { name: "Done" })).toBeVisible();
  expect(readFileSync(target).equals(content)).toBe(true);
  await view.download("artifact", target);
  await expect(view.downloads.last()).toContainText("is there already");
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

test("a guest that never answers: what is waited for, for how long, and what comes then; it can be given up", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const wait = view.files.locator(".action-wait");
  await expect(wait).toContainText(/Waiting for the guest tools to ask .* \d+ s left of try 1 of 3/);
  await expect(wait).toContainText("it is tried twice more, then given up");
  await run.poll();
  await expect(wait).toContainText(
    /The guest tools have taken it; waiting for their answer: \d+ s left of try 1/,
  );
  await wait.getByRole("button", { name: "Cancel" }).click();
  await expect(wait).toBeHidden();

  await tinsmith.showTab(/^Run of/);
  await view.button("Shell").click();
  await expect(tinsmith.page.locator(".shell .action-wait")).toContainText("left of try 1 of 1");
  await tinsmith.page.locator(".shell").getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.page.locator(".shell")).toHaveCount(0);
});

test("several shells are open at once; each takes what is typed, follows its size, and shows its exit", async ({
  tinsmith,
  engine,
}) => {
  const sizes: string[] = [];
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async ({ input, sizes: told, print }) => {
      sizes.push((await told.next()).value);
      await print("ready> ");
      for await (const bytes of input) {
        const text = Buffer.from(bytes).toString();
        if (text === "q") return false;
        await print(`<${text}>`);
      }
      return true;
    },
  });
  const view = await RunPage.open(tinsmith, "Run of");
  const first = await view.openShell();
  await expect.poll(() => view.shellText(first)).toContain("ready>");
  await tinsmith.page.keyboard.type("a");
  await expect.poll(() => view.shellText(first)).toContain("<a>");
  const second = await view.openShell();
  await expect.poll(() => view.shellText(second)).toContain("ready>");
  expect(sizes[0]).toMatch(/^\d{2,3}x\d{2}$/);
  await tinsmith.page.keyboard.type("q");
  await expect(second.getByRole("status").first()).toHaveText("Ended: its command failed");
  await tinsmith.showTab("Shell 1");
  await expect(first.getByRole("status").first()).toHaveText("Open");
  await tinsmith.page.reload();
  await expect(tinsmith.page.getByText("This shell has ended").first()).toBeVisible();
});

test("killing the task asks once", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  const guest = run.join(idle);
  const view = await RunPage.open(tinsmith, "Run of");
  await view.button("Kill task").click();
  await expect(tinsmith.dialog).toContainText("SIGKILL after 5 s");
  expect(guest.asked).toEqual([]);
  await tinsmith.dialog.getByRole("button", { name: "Kill" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(guest.asked).toEqual(["kill-process"]);
});
