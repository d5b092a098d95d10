import * as electron from "electron";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeElectron, fakeWindow } from "../test-electron.ts";
import { recoverPage } from "./page-recovery.ts";
import { bringForward } from "./window.ts";

vi.mock("electron", async () => (await import("../test-electron.ts")).fakeElectron());
const { dialog } = electron as unknown as FakeElectron;

beforeEach(() => {
  vi.clearAllMocks();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

function openPage({ isUnsaved = false, isQuitCancelled = false } = {}) {
  const window = fakeWindow();
  const reports: string[] = [];
  const quit = vi.fn(async () => !isQuitCancelled);
  recoverPage({ window, quit, hasUnsaved: () => isUnsaved, report: (reason) => reports.push(reason) });
  const crash = async (reason = "crashed") => {
    window.webContents.isCrashed.mockReturnValue(true);
    window.webContents.emit("render-process-gone", {}, { reason, exitCode: 5 });
    await vi.advanceTimersByTimeAsync(0);
  };
  window.webContents.forcefullyCrashRenderer.mockImplementation(() => void crash("killed"));
  return { window, reports, crash, quit, reload: window.webContents.reload };
}

test("a page that crashes is reported and loaded again; one that was closed is not", async () => {
  const { crash, reports, reload } = openPage();
  await crash();
  expect(reports).toEqual(["The window's process ended: crashed, exit code 5"]);
  expect(reload).toHaveBeenCalledOnce();
  await crash("clean-exit");
  expect(reload).toHaveBeenCalledOnce();
});

test.each([
  ["is loaded again as a person wants", 0, false, 3, 0],
  ["ends the app as a person wants", 1, false, 2, 1],
  ["is loaded again when a person cancels that end", 1, true, 3, 1],
])(
  "one that crashes three times in a minute %s",
  async (_what, response, isQuitCancelled, reloads, quits) => {
    const { crash, quit, reload } = openPage({ isQuitCancelled });
    dialog.showMessageBox.mockResolvedValueOnce({ response });
    await crash();
    await crash();
    expect(dialog.showMessageBox).not.toHaveBeenCalled();
    await crash();
    expect(dialog.showMessageBox).toHaveBeenCalledOnce();
    expect([reload.mock.calls.length, quit.mock.calls.length]).toEqual([reloads, quits]);
  },
);

test("the question about one of a hidden window shows the window first", async () => {
  const { crash, window } = openPage();
  window.hide();
  const visible: boolean[] = [];
  dialog.showMessageBox.mockImplementationOnce(async () => {
    visible.push(window.isVisible());
    return { response: 0 };
  });
  await crash();
  await crash();
  expect(window.isVisible()).toBe(false);
  await crash();
  expect(visible).toEqual([true]);
});

test("a window that is brought forward loads a page again that has crashed, and no other", async () => {
  const { crash, window, reload } = openPage();
  bringForward(window);
  expect(reload).not.toHaveBeenCalled();
  // Nobody answers the question.
  dialog.showMessageBox.mockReturnValueOnce(new Promise(() => {}));
  for (let times = 0; times < 3; times++) await crash();
  expect(reload).toHaveBeenCalledTimes(2);
  bringForward(window);
  expect(reload).toHaveBeenCalledTimes(3);
});

test("crashes that are far apart ask nothing", async () => {
  const { crash, reload } = openPage();
  for (let times = 0; times < 5; times++) {
    await crash();
    await vi.advanceTimersByTimeAsync(31_000);
  }
  expect(reload).toHaveBeenCalledTimes(5);
  expect(dialog.showMessageBox).not.toHaveBeenCalled();
});

test("a page that hangs is loaded again after some patience, unless it answers", async () => {
  const { window, reports, reload } = openPage();
  window.emit("unresponsive");
  await vi.advanceTimersByTimeAsync(5_000);
  window.emit("responsive");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reports).toEqual([]);
  window.emit("unresponsive");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reports).toEqual(["The window did not respond"]);
  expect(reload).toHaveBeenCalledOnce();
});

test("one with unsaved changes is loaded again only if a person wants that, who sees the window", async () => {
  const { window, reload } = openPage({ isUnsaved: true });
  window.hide();
  dialog.showMessageBox.mockResolvedValueOnce({ response: 0 }).mockResolvedValueOnce({ response: 1 });
  window.emit("unresponsive");
  await vi.advanceTimersByTimeAsync(11_000);
  expect(dialog.showMessageBox).toHaveBeenCalledOnce();
  expect(window.isVisible()).toBe(true);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(reload).toHaveBeenCalledOnce();
});
