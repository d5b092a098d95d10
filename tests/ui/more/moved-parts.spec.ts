import { expect, test } from "../fixtures.ts";
import { echoShell, openRun, tabTitles } from "../session-tabs.ts";

test("ten shells are usable, and each keeps going while it is moved out of its session's tab and back", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await openRun(tinsmith, engine, "make test");
  run.join(echoShell);
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
  run.join(echoShell);
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
