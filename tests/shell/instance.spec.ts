import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { launchShell, type Shell, startShell } from "./launch.ts";

test("a second start ends at once, and brings the first one's window forward", async ({
  home,
  shell,
  tinsmith,
}) => {
  await expect(tinsmith.library).toBeVisible();
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  using second = startShell({ home });
  expect(await second.ended).toBe(0);
  await expect
    .poll(() => shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
});

test("the window comes back where it was", async ({ home }) => {
  const bounds = { x: 40, y: 60, width: 1000, height: 700 };
  {
    await using shell = await launchShell({ home });
    await shell.evaluate(({ BrowserWindow }, where) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds(where);
      window?.close();
    }, bounds);
    expect(await shell.ended).toBe(0);
  }
  await using shell = await launchShell({ home });
  const now = await shell.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
  );
  expect(now).toEqual(bounds);
});

test("a window that was maximized is so again, and has its usual size when it no longer is", async ({
  home,
}) => {
  const bounds = { x: 40, y: 60, width: 1000, height: 700 };
  const normal = (shell: Shell) =>
    shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
  const isMaximized = (shell: Shell) =>
    shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMaximized());
  const close = async (shell: Shell) => {
    await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await shell.ended).toBe(0);
  };
  {
    await using shell = await launchShell({ home });
    await shell.evaluate(
      ({ BrowserWindow }, where) => BrowserWindow.getAllWindows()[0]?.setBounds(where),
      bounds,
    );
    // The window system has moved it, and not only Electron.
    await expect.poll(() => shell.page.evaluate(() => [outerWidth, outerHeight])).toEqual([1000, 700]);
    await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.maximize());
    await expect.poll(() => isMaximized(shell)).toBe(true);
    await close(shell);
  }
  {
    await using shell = await launchShell({ home });
    await expect.poll(() => isMaximized(shell)).toBe(true);
    await close(shell);
  }
  await using shell = await launchShell({ home });
  await expect.poll(() => isMaximized(shell)).toBe(true);
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.unmaximize());
  await expect.poll(() => isMaximized(shell)).toBe(false);
  await expect.poll(() => normal(shell)).toEqual(bounds);
});

test("a window that was on a screen that has gone since opens in its usual place", async ({ home }) => {
  const kept = join(home, "window/window.json");
  {
    await using shell = await launchShell({ home });
    await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await shell.ended;
  }
  const state = JSON.parse(readFileSync(kept, "utf8"));
  const bounds = { x: 9_000, y: 9_000, width: 1000, height: 700 };
  writeFileSync(kept, JSON.stringify({ ...state, bounds }));
  await using shell = await launchShell({ home });
  const now = await shell.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
  );
  expect(now).toMatchObject({ width: 1440, height: 900 });
});

test("what a newer version keeps of the window is left as it is", async ({ home }) => {
  const kept = join(home, "window/window.json");
  {
    await using shell = await launchShell({ home });
    await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await shell.ended;
  }
  const newer = JSON.stringify({ version: 99, places: "elsewhere" });
  writeFileSync(kept, newer);
  await using shell = await launchShell({ home });
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await shell.ended;
  expect(readFileSync(kept, "utf8")).toBe(newer);
});
