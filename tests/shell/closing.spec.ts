import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "../ui/editor-page.ts";
import type { TinsmithPage } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell, type Shell, startShell } from "./launch.ts";
import { sessionProcesses } from "./session-processes.ts";
import { makeSlowSet, slowly } from "./slow-set.ts";

test.beforeEach(({ home }) => void makeSlowSet(home));

/** A person's answers to the question about running sessions. */
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

test("closing the window while its page loads ends the app without an error box", async ({ home }) => {
  using app = startShell({ home, required: join(import.meta.dirname, "close-while-loading.cjs") });
  expect(await app.ended).toBe(0);
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

/** Answers each question with the next of these buttons. @returns the questions so far */
async function answerQuestions(shell: Shell, ...responses: number[]): Promise<() => Promise<string[]>> {
  await shell.evaluate(({ dialog }, given) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async (...args: unknown[]) => {
      asked.push((args.at(-1) as Electron.MessageBoxOptions).message);
      return { response: given.shift() ?? 0, checkboxChecked: false };
    };
  }, responses);
  return () => shell.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
}

async function changeFile(tinsmith: TinsmithPage): Promise<EditorPage> {
  const editor = await EditorPage.open(tinsmith, "slow", "machine.json");
  await editor.code.click();
  await tinsmith.page.keyboard.type(" ");
  await expect(editor.unsavedMark).toBeVisible();
  return editor;
}

const filesQuestion = "machine.json has unsaved changes.";

test("files with changes are asked about before the window closes", async ({ shell, tinsmith }) => {
  const editor = await changeFile(tinsmith);
  const asked = await answerQuestions(shell, 1, 0);
  const close = () => shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await close();
  await expect.poll(asked).toEqual([filesQuestion]);
  await expect(editor.unsavedMark).toBeVisible();
  await close();
  expect(await shell.ended).toBe(0);
});

test("they are asked about before a build is stopped, and the build goes on if they are kept", async ({
  home,
  shell,
  tinsmith,
}) => {
  await beginBuild(home, tinsmith);
  await changeFile(tinsmith);
  const asked = await answerQuestions(shell, 0, 1, 0, 0);
  await shell.evaluate(({ app }) => app.quit());
  await expect.poll(asked).toEqual(["A build or run is still running.", filesQuestion]);
  expect(running(home)).toHaveLength(1);
  await shell.evaluate(({ app }) => app.quit());
  expect(await shell.ended).toBe(0);
  expect(running(home)).toEqual([]);
});

/** The last event of the one session. */
function lastEvent(home: string): { readonly type: string } {
  const [log = ""] = globSync(join(home, "sessions/*/events.jsonl"));
  return JSON.parse(readFileSync(log, "utf8").trim().split("\n").at(-1) ?? "");
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  test(`${signal}, also twice, ends the build in order, and the next start offers to restart it`, async ({
    home,
    shell,
    tinsmith,
  }) => {
    await beginBuild(home, tinsmith);
    process.kill(shell.processId, signal);
    process.kill(shell.processId, signal);
    expect(await shell.ended).toBe(0);
    expect(running(home)).toEqual([]);
    expect(lastEvent(home)).toMatchObject({ type: "build-failed", error: { code: "interrupted" } });

    await using next = await launchShell({ home });
    const notice = next.page
      .getByRole("status")
      .filter({ hasText: "Tinsmith ended before a build finished" });
    await notice.getByRole("button", { name: "Restart build" }).click();
    await expect.poll(() => running(home)).toHaveLength(1);
    await expect(notice).toBeHidden();
  });

test("the shutdown of the system waits until the build has ended in order", async ({
  home,
  shell,
  tinsmith,
}) => {
  await beginBuild(home, tinsmith);
  const isDelayed = await shell.evaluate(({ powerMonitor }) => {
    let isPrevented = false;
    const preventDefault = () => {
      isPrevented = true;
    };
    powerMonitor.emit("shutdown", { preventDefault });
    return isPrevented;
  });
  expect(isDelayed).toBe(true);
  expect(await shell.ended).toBe(0);
  expect(lastEvent(home)).toMatchObject({ type: "build-failed" });
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
  const [session] = await sessionProcesses(shell);
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
