import * as electron from "electron";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type FakeElectron, fakeEvent, fakeWindow } from "../test-electron.ts";
import { guardClosing } from "./closing.ts";

vi.mock("electron", async () => (await import("../test-electron.ts")).fakeElectron());
const { app, dialog, powerMonitor } = electron as unknown as FakeElectron;

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

beforeEach(() => {
  vi.clearAllMocks();
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
    app.removeAllListeners();
    powerMonitor.removeAllListeners();
  });
});

/** The app with a window, some sessions and files; stops of its sessions end when the test lets them. */
function openApp({ running = 1, unsaved = [] as string[] } = {}) {
  const before = signals.map((signal) => process.listeners(signal));
  onTestFinished(() => {
    for (const [index, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (!before[index]?.includes(listener)) process.off(signal, listener);
  });
  const window = fakeWindow();
  const state = { running, unsaved };
  const stopped = Promise.withResolvers<void>();
  const sessions = {
    start: vi.fn(),
    count: () => state.running,
    stopAll: vi.fn(async () => {
      await stopped.promise;
      state.running = 0;
    }),
  };
  const closing = guardClosing({ window, sessions, unsavedFiles: () => state.unsaved });
  const emit = (from: { emit(name: string, event: unknown): unknown }, name: string) => {
    const event = fakeEvent();
    from.emit(name, event);
    return event.defaultPrevented;
  };
  return {
    state,
    window,
    sessions,
    closing,
    letStop: stopped.resolve,
    close: () => emit(window, "close"),
    quit: () => emit(app, "before-quit"),
    unload: () => emit(window.webContents, "will-prevent-unload"),
  };
}

/** Answers the next questions with these buttons, and collects the questions. */
function answer(...responses: number[]): string[] {
  const asked: string[] = [];
  dialog.showMessageBox.mockImplementation(async (_window, { message }) => {
    asked.push(message);
    return { response: responses.shift() ?? 0 };
  });
  return asked;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test("without sessions and changes, the window closes and the app quits without a question", () => {
  const { close, quit } = openApp({ running: 0 });
  expect([close(), quit()]).toEqual([false, false]);
  expect(dialog.showMessageBox).not.toHaveBeenCalled();
});

test("files are asked about before a session is stopped, and cancelling that leaves all as it was", async () => {
  const { quit, close, sessions, state, letStop } = openApp({ unsaved: ["/set/machine.json"] });
  const asked = answer(0, 1);
  expect(quit()).toBe(true);
  await settle();
  expect(asked).toEqual(["A build or run is still running.", "machine.json has unsaved changes."]);
  expect(sessions.stopAll).not.toHaveBeenCalled();

  const askedAgain = answer(1, 0);
  expect(close()).toBe(true);
  await settle();
  expect(askedAgain).toHaveLength(2);
  letStop();
  await settle();
  expect([sessions.stopAll.mock.calls.length, app.quit.mock.calls.length, state.running]).toEqual([1, 1, 0]);
});

test("however often and by whatever way it is asked to quit, it stops the sessions once, and then ends", async () => {
  const { quit, close, unload, sessions, letStop } = openApp();
  answer(0);
  quit();
  quit();
  close();
  await settle();
  process.emit("SIGTERM", "SIGTERM");
  process.emit("SIGTERM", "SIGTERM");
  powerMonitor.emit("shutdown", fakeEvent());
  quit();
  await settle();
  expect(dialog.showMessageBox).toHaveBeenCalledOnce();
  expect(sessions.stopAll).toHaveBeenCalledOnce();
  expect(app.quit).not.toHaveBeenCalled();
  letStop();
  await settle();
  expect(app.quit).toHaveBeenCalledOnce();
  expect([quit(), close()]).toEqual([false, false]);
  // The page's objection is overruled.
  expect(unload()).toBe(true);
});

test.each(signals)(
  "%s ends all in order without a question, and without waiting for a page that hangs",
  async (signal) => {
    const { sessions, letStop } = openApp({ unsaved: ["/set/machine.json"] });
    process.emit(signal, signal);
    await settle();
    expect(sessions.stopAll).toHaveBeenCalledOnce();
    letStop();
    await settle();
    expect(dialog.showMessageBox).not.toHaveBeenCalled();
    expect(app.quit).toHaveBeenCalledOnce();
    expect(app.exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(app.exit).toHaveBeenCalledOnce();
  },
);

test("the shutdown of the system waits until all has ended", async () => {
  const { sessions } = openApp();
  const event = fakeEvent();
  powerMonitor.emit("shutdown", event);
  await settle();
  expect(event.defaultPrevented).toBe(true);
  expect(sessions.stopAll).toHaveBeenCalledOnce();
});

test("a file that is changed while sessions are stopped is asked about, and keeps the app", async () => {
  const { quit, sessions, state, letStop } = openApp();
  const asked = answer(0, 1);
  quit();
  await settle();
  state.unsaved = ["/set/recipe.yaml"];
  letStop();
  await settle();
  expect(asked.at(-1)).toBe("recipe.yaml has unsaved changes.");
  expect(app.quit).not.toHaveBeenCalled();

  answer(0);
  expect(quit()).toBe(true);
  await settle();
  expect(sessions.stopAll).toHaveBeenCalledTimes(2);
  expect(app.quit).toHaveBeenCalledOnce();
});

test.each(["signal", "shutdown"])(
  "the question about a file that is changed while sessions are stopped does not hold up a %s",
  async (request) => {
    const { quit, state, letStop } = openApp();
    answer(0);
    quit();
    await settle();
    // Nobody answers.
    dialog.showMessageBox.mockReturnValueOnce(new Promise(() => {}));
    state.unsaved = ["/set/recipe.yaml"];
    letStop();
    await settle();
    expect(dialog.showMessageBox).toHaveBeenCalledTimes(2);
    expect(app.quit).not.toHaveBeenCalled();
    if (request === "signal") process.emit("SIGTERM", "SIGTERM");
    else powerMonitor.emit("shutdown", fakeEvent());
    await settle();
    expect(app.quit).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(app.exit).toHaveBeenCalledOnce();
  },
);

test("who asks it to quit learns whether a person has cancelled that", async () => {
  const { closing, letStop } = openApp();
  answer(1, 0);
  letStop();
  expect(await closing.quit()).toBe(false);
  expect(app.quit).not.toHaveBeenCalled();
  expect(await closing.quit()).toBe(true);
  expect(app.quit).toHaveBeenCalledOnce();
});

test("in the background the app says how its window comes back, until that is shown", async () => {
  const { Notification } = electron as unknown as FakeElectron;
  const { window, close, sessions, quit } = openApp({ unsaved: ["/set/machine.json"] });
  answer(0);
  close();
  await settle();
  expect(dialog.showMessageBox.mock.calls[0]?.[1].detail).toContain(
    "Start Tinsmith again to show the window.",
  );
  expect(window.isVisible()).toBe(false);
  expect(Notification.shown.size).toBe(1);

  // Quitting from there stops sessions without a question, but never loses changes without one.
  answer(1);
  quit();
  await settle();
  expect(window.isVisible()).toBe(true);
  expect(Notification.shown.size).toBe(0);
  expect(sessions.stopAll).not.toHaveBeenCalled();
});
