import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "../ui/editor-page.ts";
import type { TinsmithPage } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import type { Shell } from "./launch.ts";
import { makeSlowSet, slowly } from "./slow-set.ts";

test.beforeEach(({ home }) => void makeSlowSet(home));

/** What a person answers to the question about what still runs. */
const answers = { background: 0, stop: 1, cancel: 2 } as const;

/** Closes the window as a person does, who then chooses that answer. */
async function closeWindow(shell: Shell, answer: keyof typeof answers): Promise<void> {
  await shell.evaluate(({ dialog, BrowserWindow }, response) => {
    dialog.showMessageBox = async () => ({ response, checkboxChecked: false });
    BrowserWindow.getAllWindows()[0]?.close();
  }, answers[answer]);
}

const isVisible = (shell: Shell) =>
  shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

/** Sockets of the sessions that run. */
const running = (home: string) => {
  const sockets = join(home, "run");
  return existsSync(sockets) ? readdirSync(sockets) : [];
};

async function beginBuild(home: string, tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.rebuild("setup");
  await expect.poll(() => running(home)).toHaveLength(1);
}

test("closing the window ends the app when nothing runs", async ({ shell, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await shell.ended).toBe(0);
});

test("closing it while a build runs can be taken back", async ({ shell, tinsmith }) => {
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build).toContainText(slowly);
  await closeWindow(shell, "cancel");
  expect(await isVisible(shell)).toBe(true);
  await expect(tinsmith.build).toBeVisible();
});

test("the build is stopped, and the app ends, when that is chosen", async ({ home, shell, tinsmith }) => {
  await beginBuild(home, tinsmith);
  await closeWindow(shell, "stop");
  expect(await shell.ended).toBe(0);
  expect(running(home)).toEqual([]);
});

test("the build goes on in the background, until the window is shown again", async ({
  home,
  shell,
  tinsmith,
}) => {
  await beginBuild(home, tinsmith);
  await closeWindow(shell, "background");
  await expect.poll(() => isVisible(shell)).toBe(false);
  expect(running(home)).toHaveLength(1);
  await shell.evaluate(({ app }) => app.emit("second-instance", {}, [], "/"));
  expect(await isVisible(shell)).toBe(true);
  await expect(tinsmith.build).toBeVisible();
});

test("files with changes are asked about before the window closes", async ({ shell, tinsmith }) => {
  const editor = await EditorPage.open(tinsmith, "slow", "machine.json");
  await editor.code.click();
  await tinsmith.page.keyboard.type(" ");
  await expect(editor.unsavedMark).toBeVisible();
  const close = (answer: number) =>
    shell.evaluate(({ dialog, BrowserWindow }, response) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBoxSync = (...given: unknown[]) => {
        asked.push((given.at(-1) as Electron.MessageBoxOptions).message);
        return response;
      };
      BrowserWindow.getAllWindows()[0]?.close();
    }, answer);
  await close(1);
  await expect
    .poll(() => shell.evaluate(() => (globalThis as unknown as { asked: string[] }).asked))
    .toEqual(["Some files have changes that are not saved."]);
  await expect(editor.unsavedMark).toBeVisible();
  await close(0);
  expect(await shell.ended).toBe(0);
});

test("quitting asks first, and stops what runs", async ({ home, shell, tinsmith }) => {
  await beginBuild(home, tinsmith);
  await shell.evaluate(({ app, dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    app.quit();
  });
  expect(await shell.ended).toBe(0);
  expect(running(home)).toEqual([]);
});

test("a main process that is killed leaves no session's process behind", async ({
  home,
  shell,
  tinsmith,
}) => {
  await beginBuild(home, tinsmith);
  const [session] = await shell.evaluate(({ utilityProcess }) =>
    (utilityProcess as unknown as { started: { pid: number }[] }).started.map(({ pid }) => pid),
  );
  process.kill(shell.processId, "SIGKILL");
  await shell.ended;
  await expect.poll(() => isRunning(session ?? 0)).toBe(false);
});

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
