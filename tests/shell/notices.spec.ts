import type { TinsmithPage } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import type { Shell } from "./launch.ts";
import { makeSlowSet, slowly } from "./slow-set.ts";

test.beforeEach(({ home }) => void makeSlowSet(home));

interface Shown {
  readonly title: string;
  click(): void;
}

/** Writes down what is notified, which a person would see on their desktop. */
async function watchNotifications(shell: Shell): Promise<() => Promise<readonly string[]>> {
  await shell.evaluate(({ Notification }) => {
    const shown: Shown[] = [];
    Object.assign(globalThis, { shown });
    Notification.prototype.show = function (this: Electron.Notification) {
      // As the system does, this holds none.
      const notification = new WeakRef(this);
      shown.push({ title: this.title, click: () => notification.deref()?.emit("click") });
    };
  });
  return () =>
    shell.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown.map(({ title }) => title));
}

async function collectGarbage(shell: Shell): Promise<void> {
  await shell.evaluate(() => {
    process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
    process.getBuiltinModule("node:vm").runInNewContext("gc")();
  });
}

/** Begins a build, and looks away. */
async function beginBuild(shell: Shell, tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build).toContainText(slowly);
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur());
}

const long = 11_000;

test("a long build's end is notified while the window is not in front, and shown by a click", async ({
  home,
  shell,
  tinsmith,
}) => {
  const set = makeSlowSet(home);
  const notified = await watchNotifications(shell);
  await beginBuild(shell, tinsmith);
  set.backdate(long);
  set.failBuild();
  await expect.poll(notified).toEqual(["Setup image slow has failed"]);
  await collectGarbage(shell);
  await shell.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown[0]?.click());
  expect(await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused())).toBe(
    true,
  );
});

for (const [what, begin, end] of [
  ["a short build", 0, "fails"],
  ["one that a person cancels", long, "is cancelled"],
] as const)
  test(`the end of ${what} is not`, async ({ home, shell, tinsmith }) => {
    const set = makeSlowSet(home);
    const notified = await watchNotifications(shell);
    await beginBuild(shell, tinsmith);
    set.backdate(begin);
    if (end === "fails") set.failBuild();
    else await tinsmith.build.getByRole("button", { name: "Cancel" }).click();
    await expect(tinsmith.page.getByRole("contentinfo")).toContainText("0 running");
    expect(await notified()).toEqual([]);
  });

test("the task bar shows that something is built, and nothing afterwards", async ({
  home,
  shell,
  tinsmith,
}) => {
  const set = makeSlowSet(home);
  await shell.evaluate(({ BrowserWindow }) => {
    const shown: number[] = [];
    Object.assign(globalThis, { shown });
    const [window] = BrowserWindow.getAllWindows();
    if (window) window.setProgressBar = (progress) => void shown.push(progress);
  });
  const progress = () =>
    shell.evaluate(() => (globalThis as unknown as { shown: number[] }).shown.at(-1) ?? -1);
  await beginBuild(shell, tinsmith);
  // How long it takes nobody knows.
  await expect.poll(progress).toBe(2);
  set.failBuild();
  await expect.poll(progress).toBe(-1);
});
