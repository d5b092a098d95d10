import { keepWindowState } from "../../core/app/settings/window-state-store.ts";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

const idleShell = {
  files: {},
  shell: async ({
    input,
    print,
  }: {
    input: AsyncIterable<Uint8Array>;
    print(text: string): Promise<void>;
  }) => {
    await print("ready> ");
    for await (const bytes of input) await print(`<${Buffer.from(bytes)}>`);
    return true;
  },
};

/** Opens a run by the list of sessions. */
async function openRun(tinsmith: TinsmithPage, engine: ScriptedEngine, command: string) {
  const run = await engine.beginRun({ command: ["sh", "-c", command] });
  run.log(`log of ${command}\r\n`);
  const view = await RunPage.open(tinsmith, command);
  await expect(view.log).toContainText(`log of ${command}`);
  return { run, view };
}

/** The titles of the tabs that are shown, in their order. */
const tabTitles = ({ page }: TinsmithPage) => page.locator(".dv-tab .tab-title").allTextContents();

test("a session is one tab, named by its command, with its parts inside; equal names have a number", async ({
  tinsmith,
  engine,
}) => {
  await openRun(tinsmith, engine, "make test");
  await openRun(tinsmith, engine, "uname -a");
  const titles = await tabTitles(tinsmith);
  expect(titles).toEqual([
    "Library",
    "Sessions",
    "make test",
    "uname -a",
    "Log",
    "Serial",
    "Screen",
    "Files",
    "Action log",
  ]);
  await engine.beginRun({ command: ["sh", "-c", "uname -a"] });
  await expect(tinsmith.page.locator(".session", { hasText: "uname -a" })).toHaveCount(2);
  await tinsmith.page.locator(".session-open", { hasText: "uname -a" }).first().click();
  await expect(tinsmith.tabs("uname -a 2")).toBeVisible();
});

test("ten shells are usable, and each keeps going while it is moved out of its session's tab and back", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await openRun(tinsmith, engine, "make test");
  run.join(idleShell);
  for (let number = 1; number <= 10; number += 1) {
    const shell = await view.openShell();
    await expect.poll(() => view.shellText(shell)).toContain("ready>");
    await page.keyboard.type(`${number % 10}`);
    await expect.poll(() => view.shellText(shell)).toContain(`<${number % 10}>`);
  }
  await expect(tinsmith.tabs("Shell 10")).toBeInViewport();
  await tinsmith.chooseOnTab("Shell 10", "Move beside the session");
  await expect(tinsmith.tabs("Shell 10: make test")).toBeVisible();
  await expect(tinsmith.tabs("Shell 10: make test").locator(".tab-mark")).toBeVisible();
  const shell = view.shells.filter({ hasText: "<0>" });
  await shell.locator(".xterm-screen").click();
  await page.keyboard.type("x");
  await expect.poll(() => view.shellText(shell)).toContain("<x>");
  await tinsmith.tabs("Shell 10: make test").getByTitle("Close").click();
  await expect(tinsmith.tabs(/^Shell 10$/)).toBeVisible();
  await expect.poll(() => view.shellText(view.shells.last())).toContain("<0><x>");
});

test("a part is pulled out by the pointer, and beside another session bears its own session's name", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openRun(tinsmith, engine, "make test");
  const target = page.locator(".sessions");
  await tinsmith.tabs(/^Files$/).dragTo(target);
  await expect(tinsmith.tabs("Files: make test")).toBeVisible();
  await openRun(tinsmith, engine, "uname -a");
  await expect(tinsmith.tabs("Files: make test")).toBeVisible();
  await expect(tinsmith.tabs(/^Files$/)).toBeVisible();
});

test("a part that was pulled out is dragged back into its session's tab, and into no other's", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openRun(tinsmith, engine, "make test");
  await tinsmith.tabs(/^Files$/).dragTo(page.locator(".sessions"));
  await expect(tinsmith.tabs("Files: make test")).toBeVisible();
  const { view } = await openRun(tinsmith, engine, "uname -a");
  await tinsmith.tabs("Files: make test").dragTo(tinsmith.tabs(/^Log$/));
  await expect(tinsmith.tabs("Files: make test")).toBeVisible();
  await expect(tinsmith.tabs(/^Files$/)).toHaveCount(1);
  await tinsmith.showTab(/^make test$/);
  await expect(tinsmith.tabs(/^Files$/)).toHaveCount(0);
  await tinsmith.tabs("Files: make test").dragTo(tinsmith.tabs(/^Log$/));
  await expect(tinsmith.tabs("Files: make test")).toHaveCount(0);
  await expect(tinsmith.tabs(/^Files$/)).toHaveCount(1);
  await expect(view.files).toBeVisible();

  await tinsmith.chooseOnTab(/^Action log$/, "Move beside the session");
  await tinsmith.tabs("Action log: make test").dragTo(tinsmith.tabs(/^Log$/));
  await expect(tinsmith.tabs("Action log: make test")).toHaveCount(0);
  await expect(tinsmith.tabs(/^Action log$/)).toHaveCount(1);
});

test("“Reset the panel layout” puts parts that were pulled out into their sessions' tabs, and closes none", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await openRun(tinsmith, engine, "make test");
  run.join(idleShell);
  const shell = await view.openShell();
  await page.keyboard.type("x");
  await expect.poll(() => view.shellText(shell)).toContain("<x>");
  await tinsmith.chooseOnTab(/^Shell 1$/, "Move beside the session");
  await tinsmith.chooseOnTab(/^Files$/, "Move to a tab of the window");
  await openRun(tinsmith, engine, "uname -a");
  await tinsmith.chooseOnTab(/^Action log$/, "Move beside the session");
  await tinsmith.chooseOnTab(/^Serial$/, "Split down");
  await tinsmith.command("Reset the panel layout");
  const ofSession = ["Log", "Serial", "Screen", "Files", "Action log"];
  const ofWindow = ["Library", "Sessions"];
  await tinsmith.showTab("uname -a");
  const sorted = async () => (await tabTitles(tinsmith)).sort();
  await expect.poll(sorted).toEqual([...ofWindow, "make test", "uname -a", ...ofSession].sort());
  await tinsmith.showTab("make test");
  await expect.poll(sorted).toEqual([...ofWindow, "make test", "uname -a", ...ofSession, "Shell 1"].sort());
  await tinsmith.showTab(/^Shell 1$/);
  await expect.poll(() => view.shellText(view.shells.last())).toContain("<x>");
});

test("two action logs at once each bear their session's name and colour, pinned or not", async ({
  tinsmith,
  engine,
  page,
}) => {
  const first = await openRun(tinsmith, engine, "make test");
  first.run.request("GET", "of-the-first").end();
  await tinsmith.chooseOnTab(/^Action log$/, "Move beside the session");
  await page.getByRole("button", { name: "Pin to this session" }).click();
  const second = await openRun(tinsmith, engine, "uname -a");
  second.run.request("GET", "of-the-second").end();
  await tinsmith.chooseOnTab(/^Action log$/, "Move beside the session");
  const markOf = (name: string) => tinsmith.tabs(name).first().locator(".tab-mark").getAttribute("data-mark");
  const logs = page.locator(".action-log-head");
  const mode = { "make test": "Pinned", "uname -a": "Follows the session in front" } as const;
  await expect(logs).toHaveCount(2);
  for (const [name, request] of [
    ["make test", "of-the-first"],
    ["uname -a", "of-the-second"],
  ] as const) {
    const head = logs.filter({ hasText: name });
    await expect(head).toContainText(mode[name]);
    const mark = await markOf(name);
    expect(await head.locator(".tab-mark").getAttribute("data-mark")).toBe(mark);
    expect(await markOf(`Action log: ${name}`)).toBe(mark);
    const log = page.locator(".exchanges").filter({ hasText: request });
    await expect(log).toHaveCount(1);
    await expect(log).not.toContainText(request === "of-the-first" ? "of-the-second" : "of-the-first");
  }
  expect(await markOf("make test")).not.toBe(await markOf("uname -a"));
  await tinsmith.showTab("make test");
  await expect(logs.filter({ hasText: "make test" })).toHaveCount(2);
  await expect(tinsmith.tabs("Action log: make test")).toHaveCount(2);
});

test("the action log that is pulled out follows the session in front, unless it is pinned", async ({
  tinsmith,
  engine,
}) => {
  const first = await openRun(tinsmith, engine, "make test");
  first.run.request("GET", "of-the-first").end();
  await expect(first.view.rows).toContainText(["of-the-first"]);
  await tinsmith.chooseOnTab(/^Action log$/, "Move beside the session");
  await expect(tinsmith.tabs("Action log: make test")).toBeVisible();
  const second = await openRun(tinsmith, engine, "uname -a");
  second.run.request("GET", "of-the-second").end();
  await expect(tinsmith.tabs("Action log: uname -a")).toBeVisible();
  await expect(second.view.rows).toContainText(["of-the-second"]);
  await expect(tinsmith.tabs(/^Action log$/)).toHaveCount(0);
  await tinsmith.showTab("make test");
  await expect(first.view.rows).toContainText(["of-the-first"]);

  await tinsmith.page.getByRole("button", { name: "Pin to this session" }).click();
  await tinsmith.showTab("uname -a");
  await expect(tinsmith.tabs("Action log: make test")).toBeVisible();
  await expect(tinsmith.tabs(/^Action log$/)).toBeVisible();
  await tinsmith.page.getByRole("button", { name: "Follow the session in front" }).click();
  await tinsmith.showTab("uname -a");
  await expect(tinsmith.tabs("Action log: uname -a")).toBeVisible();
  await tinsmith.tabs("Action log: uname -a").getByTitle("Close").click();
  await expect(tinsmith.tabs(/^Action log$/)).toBeVisible();
});

test("a tab has a menu, by the pointer and by key; the middle button closes", async ({
  tinsmith,
  engine,
  page,
}) => {
  const ended = await openRun(tinsmith, engine, "make test");
  await openRun(tinsmith, engine, "uname -a");
  await openRun(tinsmith, engine, "ls -l");
  await ended.run.finish("success");
  await expect(page.locator(".session", { hasText: "make test" })).toContainText("Succeeded");
  await tinsmith.tabs("ls -l").first().click({ button: "middle" });
  await expect(tinsmith.tabs("ls -l")).toHaveCount(0);
  await tinsmith.tabs("uname -a").first().focus();
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Show in the list of sessions" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tinsmith.tabs("uname -a").first()).toBeFocused();
  await tinsmith.chooseOnTab("uname -a", "Close ended sessions");
  await expect(tinsmith.tabs("make test")).toHaveCount(0);
  await tinsmith.chooseOnTab("uname -a", "Show in the list of sessions");
  await expect(page.locator(".session-open", { hasText: "uname -a" })).toBeFocused();
  await tinsmith.command("Doctor");
  await tinsmith.chooseOnTab("Doctor", "Close other tabs");
  await expect(tinsmith.tabs("uname -a")).toHaveCount(0);
  await expect(tinsmith.tabs("Doctor")).toBeVisible();
});

test("the next run is arranged as the last one was, and all of it is there after a reload", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openRun(tinsmith, engine, "make test");
  await tinsmith.chooseOnTab(/^Serial$/, "Split down");
  await expect(tinsmith.serial).toBeVisible();
  const { view } = await openRun(tinsmith, engine, "uname -a");
  await expect(tinsmith.serial).toBeVisible();
  await expect(view.log).toBeVisible();
  await page.reload();
  await expect(tinsmith.tabs("make test")).toBeVisible();
  await expect(view.log).toContainText("log of uname -a");
  await expect(tinsmith.serial).toBeVisible();
  await page.setViewportSize({ width: 1000, height: 700 });
  const right = () => view.exchanges.evaluate((section) => section.getBoundingClientRect().right);
  await expect.poll(right).toBeLessThanOrEqual(1000);
});

for (const [what, layout] of Object.entries({
  damaged: '{"grid":',
  empty: "",
  "of a later version": '{"version":99,"window":{"grid":1}}',
  "without a panel":
    '{"version":2,"window":{"grid":{"root":{"type":"branch","data":[]},"width":1,"height":1,"orientation":"HORIZONTAL"},"panels":{}}}',
}))
  test(`a layout that is ${what} gives way to the first one`, async ({ engine, page }) => {
    keepWindowState(engine.paths, { layout });
    const tinsmith = new TinsmithPage(page);
    await tinsmith.open(engine.newLink());
    for (const name of ["Library", "Sessions"]) await expect(tinsmith.tabs(name)).toBeVisible();
    await tinsmith.command("Doctor");
    await expect(tinsmith.tabs("Doctor")).toBeVisible();
    await expect(tinsmith.errors).toHaveCount(0);
  });

test("the status bar opens the library and the sessions again", async ({ tinsmith, page }) => {
  for (const name of ["Library", "Sessions"]) {
    await tinsmith.tabs(name).getByTitle("Close").click();
    await expect(tinsmith.tabs(name)).toHaveCount(0);
  }
  const bar = page.locator(".status-bar");
  await bar.getByRole("button", { name: "Library" }).click();
  await tinsmith.isUsable();
  await bar.getByRole("button", { name: /running/ }).click();
  await expect(tinsmith.tabs("Sessions")).toBeVisible();
});

test("a session opens as the first of its kind if the stored arrangement is damaged", async ({
  engine,
  page,
}) => {
  keepWindowState(engine.paths, { layout: '{"version":2,"window":null,"sessions":{},"kinds":{"run":{}}}' });
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  await openRun(tinsmith, engine, "make test");
  await expect(tinsmith.tabs(/^(Log|Serial|Screen|Files|Action log)$/)).toHaveCount(5);
  await expect(tinsmith.errors).toHaveCount(0);
});

test("the list of sessions says how each goes, is searched, and deletes several", async ({
  tinsmith,
  engine,
  page,
}) => {
  for (const command of ["make test", "uname -a", "make install"])
    await (await engine.beginRun({ command: ["sh", "-c", command] })).finish("success");
  await engine.beginRun({ command: ["sh", "-c", "make all"] });
  await tinsmith.showTab("Sessions");
  const rows = page.locator(".session");
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText("make all");
  await expect(rows.first()).toContainText("Running");
  await expect(page.locator(".sessions-retention")).toContainText("The 50 newest sessions are kept");
  await page.getByLabel("Search sessions").fill("make");
  await expect(rows).toHaveCount(3);
  await page.locator(".session-open", { hasText: "make test" }).click({ modifiers: ["Control"] });
  await page.locator(".session-open", { hasText: "make install" }).click({ modifiers: ["Control"] });
  await page.getByRole("button", { name: "Delete 2 sessions…" }).click();
  await expect(tinsmith.dialog).toContainText("Delete 2 sessions?");
  await expect(tinsmith.dialog).toContainText("Their logs and action logs are deleted, which frees");
  await tinsmith.dialog.getByRole("button", { name: "Delete 2 sessions" }).click();
  await page.getByLabel("Search sessions").fill("");
  await expect(rows).toHaveCount(2);
});

test("the tab in front stays in sight when the window becomes narrower", async ({
  tinsmith,
  engine,
  page,
}) => {
  for (const name of ["first", "second", "third", "fourth"])
    await openRun(tinsmith, engine, `make the ${name} thing`);
  const tab = tinsmith.tabs("make the fourth thing").first();
  await expect(tab).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 700, height: 700 });
  await expect(tab).toBeInViewport({ ratio: 0.99 });
});
