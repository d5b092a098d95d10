import { expect, test } from "./fixtures.ts";
import type { Shell } from "./launch.ts";
import { sessionProcesses } from "./session-processes.ts";
import { makeSlowSet, slowly } from "./slow-set.ts";

test.beforeEach(({ home }) => void makeSlowSet(home));

for (const [what, fail] of [
  [
    "an error",
    () =>
      setImmediate(() => {
        throw new Error("planted");
      }),
  ],
  ["a rejected promise", () => void Promise.reject(new Error("planted"))],
] as const)
  test(`${what} that nobody catches is reported, and the app and its sessions go on`, async ({
    shell,
    tinsmith,
  }) => {
    await tinsmith.rebuild("setup");
    await expect(tinsmith.build).toContainText(slowly);
    await shell.evaluate(fail as () => void);
    const notice = tinsmith.page
      .getByRole("status")
      .filter({ hasText: "The desktop app had an unexpected error" });
    await expect(notice).toContainText("sessions were not affected.");
    await expect(tinsmith.page.getByRole("contentinfo")).toContainText("1 running");
    await notice.getByRole("button", { name: "Show report" }).click();
    await expect(tinsmith.dialog).toContainText("planted");
  });

/** The text in the window: Playwright's own page does not outlive its process. */
const shownText = (shell: Shell) =>
  shell.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("document.body.innerText"),
  );

test("a page that crashes is loaded again, and says so; its sessions go on", async ({ shell, tinsmith }) => {
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build).toContainText(slowly);
  // A script that is sent to a page without a process never answers.
  await shell.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const loaded = new Promise<void>((resolve) => contents?.once("did-finish-load", () => resolve()));
    contents?.forcefullyCrashRenderer();
    await loaded;
  });
  await expect.poll(() => shownText(shell)).toMatch(/The window stopped working .* and was reloaded/);
  expect(await shownText(shell)).toContain("1 running");
});

test("a session's process that is killed does not take the window with it", async ({ shell, tinsmith }) => {
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build).toContainText(slowly);
  for (const pid of await sessionProcesses(shell)) process.kill(pid, "SIGKILL");
  await expect(tinsmith.page.getByRole("contentinfo")).toContainText("0 running");
  await expect(tinsmith.library).toBeVisible();
});
