import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** A run with an open shell into which "a" was typed. */
async function openShell(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const ended: string[] = [];
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async ({ input, print }) => {
      for await (const bytes of input) await print(`<${Buffer.from(bytes)}>`);
      ended.push("shell");
      return true;
    },
  });
  const view = await RunPage.open(tinsmith, "Run of");
  const shell = await view.openShell();
  await tinsmith.page.keyboard.type("a");
  await expect.poll(() => view.shellText(shell)).toContain("<a>");
  return { view, shell, ended };
}

/** Another window of the same user's, with the same tabs. */
async function openOther({ page }: TinsmithPage, engine: ScriptedEngine) {
  const other = new TinsmithPage(await page.context().newPage());
  await other.page.goto(engine.newLink());
  await other.showTab("make test");
  await other.showTab("Shell 1");
  const view = new RunPage(other);
  await expect.poll(() => view.shellText(view.shells)).toContain("<a>");
  return { other, view };
}

test("a window that closes a shell, or the tab of its session, leaves it to the other window", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { view, shell, ended } = await openShell(tinsmith, engine);
  const others = [await openOther(tinsmith, engine), await openOther(tinsmith, engine)];
  for (const [index, { other }] of others.entries()) {
    await other.chooseOnTab(index === 0 ? "make test" : "Shell 1", "Close tab");
    await expect(other.tabs("Shell 1")).toHaveCount(0);
    await shell.locator(".xterm-screen").click();
    await page.keyboard.type(`${index}`);
    await expect.poll(() => view.shellText(shell)).toContain(`<${index}>`);
    await expect(shell.getByRole("status").first()).toHaveText("Open");
  }
  expect(ended).toEqual([]);
});

test("a shell that one window ends is no success in the other one", async ({ tinsmith, engine }) => {
  const { shell } = await openShell(tinsmith, engine);
  const { view: otherView } = await openOther(tinsmith, engine);
  await otherView.shells.getByRole("button", { name: "End the shell" }).click();
  for (const one of [shell, otherView.shells])
    await expect(one.getByRole("status").first()).toHaveText("Ended by a user");
});

for (const item of ["Close tab", "Close other tabs"])
  test(`“${item}” of a session keeps its shells for a minute, and offers to open them again`, async ({
    tinsmith,
    engine,
    page,
  }) => {
    const { view, ended } = await openShell(tinsmith, engine);
    await view.openShell();
    // A shell has the keys to itself.
    await tinsmith.showLog();
    await tinsmith.command("Doctor");
    await expect(tinsmith.tabs("Doctor")).toBeVisible();
    await tinsmith.chooseOnTab(item === "Close tab" ? "make test" : "Doctor", item);
    await expect(tinsmith.tabs("make test")).toHaveCount(0);
    await expect(tinsmith.notices).toContainText("Shell 1 and Shell 2 keep running for one minute.");
    await tinsmith.notices.getByRole("button", { name: "Open again" }).click();
    await expect(tinsmith.notices).toHaveCount(0);
    await tinsmith.showTab("Shell 1");
    await expect.poll(() => view.shellText(view.shells.first())).toContain("<a>");
    await view.shells.first().locator(".xterm-screen").click();
    await page.keyboard.type("b");
    await expect.poll(() => view.shellText(view.shells.first())).toContain("<a><b>");
    expect(ended).toEqual([]);
  });

for (const [how, putBack] of Object.entries({
  "“Move back into its session”": (tinsmith: TinsmithPage) =>
    tinsmith.chooseOnTab("Shell 1", "Move back into its session"),
  "its cross": (tinsmith: TinsmithPage) => tinsmith.tabs("Shell 1").getByTitle("Close").click(),
  "“Reset the panel layout”": (tinsmith: TinsmithPage) => tinsmith.command("Reset the panel layout"),
}))
  test(`${how} opens the closed tab of the session of a part that was pulled out`, async ({
    tinsmith,
    engine,
    page,
  }) => {
    const { view, shell } = await openShell(tinsmith, engine);
    await tinsmith.chooseOnTab("Shell 1", "Move to a tab of the window");
    await tinsmith.chooseOnTab(/^make test$/, "Close tab");
    await expect(tinsmith.tabs("Shell 1: make test")).toHaveCount(1);
    await putBack(tinsmith);
    await expect(tinsmith.tabs("Shell 1: make test")).toHaveCount(0);
    await tinsmith.showTab(/^Shell 1$/);
    await expect.poll(() => view.shellText(shell)).toContain("<a>");
    await shell.locator(".xterm-screen").click();
    await page.keyboard.type("b");
    await expect.poll(() => view.shellText(shell)).toContain("<a><b>");
    await expect(tinsmith.tabs(/^Log$/)).toHaveCount(1);
  });
