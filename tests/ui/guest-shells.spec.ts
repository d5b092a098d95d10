import { expect, test } from "./fixtures.ts";
import { idleShell } from "./idle-guest.ts";
import { RunPage } from "./run-page.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

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
  await expect(tinsmith.page.getByText("This shell is not open")).toBeVisible();
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
