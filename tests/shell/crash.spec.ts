import { expect, test } from "./fixtures.ts";
import { launchShell } from "./launch.ts";
import { makeSlowSet, slowly } from "./slow-set.ts";

for (const [what, fail] of [
  [
    "an error",
    () =>
      setTimeout(() => {
        throw new Error("planted");
      }),
  ],
  ["a rejected promise", () => void Promise.reject(new Error("planted"))],
] as const)
  test(`${what} that nobody catches ends the app, and the next start offers a report`, async ({ home }) => {
    {
      await using shell = await launchShell({ home });
      await shell.evaluate(({ dialog }) => {
        dialog.showErrorBox = () => {};
      });
      await shell.evaluate(fail as () => void).catch(() => {});
      expect(await shell.ended).toBe(1);
    }
    await using shell = await launchShell({ home });
    await expect(shell.page.getByText("ended unexpectedly")).toBeVisible();
    await shell.page.getByRole("button", { name: "Show" }).first().click();
    await expect(shell.page.getByRole("dialog")).toContainText("planted");
  });

test("a session's process that is killed does not take the window with it", async ({
  home,
  shell,
  tinsmith,
}) => {
  makeSlowSet(home);
  await tinsmith.page.reload();
  await tinsmith.isUsable();
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build).toContainText(slowly);
  await shell.evaluate(({ utilityProcess }) => {
    const { started } = utilityProcess as unknown as { started: { pid: number }[] };
    for (const { pid } of started) process.kill(pid, "SIGKILL");
  });
  await expect(tinsmith.page.getByRole("contentinfo")).toContainText("0 running");
  await expect(tinsmith.library).toBeVisible();
});
