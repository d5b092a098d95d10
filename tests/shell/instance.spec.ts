import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { launchShell, startSecond } from "./launch.ts";

test("a second start ends at once, and brings the first one's window forward", async ({
  home,
  shell,
  tinsmith,
}) => {
  await expect(tinsmith.library).toBeVisible();
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const second = startSecond({ home });
  const [status] = await once(second, "exit");
  expect(status).toBe(0);
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
