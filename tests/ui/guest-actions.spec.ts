import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestScript } from "../../cli/support/test-guest.ts";
import { expect, test } from "./fixtures.ts";
import { holdAnswers } from "./hold-answers.ts";
import { RunPage } from "./run-page.ts";
import { startScriptedMachine } from "./scripted-screen.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

const idle = { files: {}, shell: async () => true };

/** A guest whose shells last until they are ended. */
const idleShell: GuestScript = {
  files: {},
  shell: async ({ input }) => {
    for await (const _ of input);
    return true;
  },
};

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
  const guest = run.join({ ...idle, files: { "//etc": "", "/home/tc/own": "" } });
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
  run.join({ ...idle, files: { "/home/tc/artifact": content } });
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
  run.join({ ...idle, files: { "/home/tc/artifact": "x" } });
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

test("a guest that never answers: what is waited for, for how long, and what comes then; it can be given up", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const wait = view.files.locator(".action-wait");
  await expect(wait).toContainText(/Waiting for the guest tools to ask .* \d+ s left of try 1 of 3/);
  await expect(wait).toContainText("Tinsmith tries twice more, then gives up");
  await run.poll();
  await expect(wait).toContainText(
    /The guest tools have taken the action; waiting for their answer: \d+ s left of try 1/,
  );
  await wait.getByRole("button", { name: "Cancel" }).click();
  await expect(wait).toBeHidden();

  await tinsmith.showLog();
  await view.newShell.click();
  await expect(tinsmith.page.locator(".shell .action-wait")).toContainText("left of try 1 of 1");
  await tinsmith.page.locator(".shell").getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.page.locator(".shell")).toHaveCount(0);
});

test("while the virtual machine is paused, no countdown goes on, and each view says why", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const machine = await startScriptedMachine(run.session);
  const view = await RunPage.open(tinsmith, "Run of");
  const head = view.run.getByRole("status").first();
  await view.list("/home/tc");
  const wait = view.files.locator(".action-wait");
  await expect(wait).toContainText("left of try 1 of 3");
  machine.setState({ status: "paused" });
  await expect(wait).toContainText("Paused: waits until the virtual machine is resumed");
  await expect(wait).not.toContainText("left of try");
  machine.setState({ status: "running" });
  await expect(wait).toContainText("left of try 1 of 3");
  await wait.getByRole("button", { name: "Cancel" }).click();
  run.join(idleShell);
  const shell = await view.openShell();
  machine.setState({ status: "paused" });
  await expect(shell.getByRole("status").first()).toHaveText("Open; the virtual machine is paused");
  await tinsmith.showLog();
  await expect(head).toContainText("The virtual machine is paused");
  run.report("success");
  await expect(head).toContainText("The task has succeeded; the virtual machine is paused");
  await expect(view.button("Kill task")).toBeDisabled();
  machine.end();
});

test("a shell that its run's end cuts off says so, and offers nothing", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  run.join(idleShell);
  const view = await RunPage.open(tinsmith, "Run of");
  const shell = await view.openShell();
  await tinsmith.showLog();
  await view.button("Stop").click();
  await expect(view.run.getByRole("region", { name: "Stopped" })).toBeVisible();
  await tinsmith.showTab("Shell 1");
  await expect(shell.getByRole("status").first()).toHaveText("The run has ended");
  await expect(shell.getByRole("alert")).toBeHidden();
  await expect(shell.getByRole("button", { name: "Open another shell" })).toBeHidden();
  await tinsmith.page.reload();
  await expect(tinsmith.page.getByText("This shell has ended")).toBeVisible();
  await expect(tinsmith.page.getByRole("button", { name: "Open another shell" })).toBeHidden();
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
});

test("a shell goes on after a reload, with what it has printed, and so in another window", async ({
  tinsmith,
  engine,
  page,
  context,
}) => {
  const shells: string[] = [];
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async ({ input, print }) => {
      shells.push("started");
      await print("ready> \x1b[6n");
      for await (const bytes of input) {
        const text = Buffer.from(bytes).toString();
        if (text === "q") break;
        await print(`<${text.replace("\x1b", "ESC")}>`);
      }
      shells.push("ended");
      return true;
    },
  });
  const view = await RunPage.open(tinsmith, "Run of");
  const shell = await view.openShell();
  await expect.poll(() => view.shellText(shell)).toContain("ready> <ESC[1;8R>");
  await page.keyboard.type("a");
  await expect.poll(() => view.shellText(shell)).toContain("<a>");
  await page.reload();
  await tinsmith.showTab("Shell 1");
  await expect.poll(() => view.shellText(shell)).toContain("ready> <ESC[1;8R><a>");
  await shell.locator(".xterm-screen").click();
  await page.keyboard.type("b");
  await expect.poll(() => view.shellText(shell)).toContain("ready> <ESC[1;8R><a><b>");
  const other = new TinsmithPage(await context.newPage());
  await other.page.goto(engine.newLink());
  await other.showTab("Shell 1");
  const sameShell = new RunPage(other);
  await expect.poll(() => sameShell.shellText(sameShell.shells)).toContain("<a><b>");
  await sameShell.shells.locator(".xterm-screen").click();
  await other.page.keyboard.type("q");
  for (const one of [shell, sameShell.shells])
    await expect(one.getByRole("status").first()).toHaveText("Ended: its command succeeded");
  expect(shells).toEqual(["started", "ended"]);
});

test("a shell goes on when the connection was cut, and ends with its panel", async ({
  tinsmith,
  engine,
  page,
}) => {
  let hasEnded = false;
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async ({ input, print }) => {
      for await (const bytes of input) await print(`<${Buffer.from(bytes)}>`);
      hasEnded = true;
      return true;
    },
  });
  const view = await RunPage.open(tinsmith, "Run of");
  const shell = await view.openShell();
  await page.keyboard.type("a");
  await expect.poll(() => view.shellText(shell)).toContain("<a>");
  await engine.cutConnections();
  await expect(async () => {
    await page.keyboard.type("b");
    expect(await view.shellText(shell)).toMatch(/^<a>(<b+>)+/);
  }).toPass();
  expect(hasEnded).toBe(false);
  await page.keyboard.press("Control+Shift+X");
  await expect(shell).toBeHidden();
  await expect.poll(() => hasEnded).toBe(true);
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
