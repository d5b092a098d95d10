import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startGuestClock } from "../time/guest-clock.ts";
import { describeTimeout, watchTask } from "./task-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(timeout?: number) {
  const onToolsStarted = vi.fn();
  const task = watchTask({ timeout, clock: startGuestClock(), onToolsStarted });
  return { task, onToolsStarted };
}

const succeeded = { result: "success" } as const;
const failed = { result: "failed" } as const;

test("a result is open again after a Go back to before it, and those who wait for its end are told", async () => {
  using task = start().task;
  const restore = await task.remember();
  task.onResult(succeeded);
  expect(await task.outcome()).toEqual(succeeded);
  const reopened = task.reopened();
  await restore();
  await reopened;
  expect(task.isOpen()).toBe(true);
  task.onResult(failed);
  expect(await task.outcome()).toEqual(failed);
});

test("somebody who waits for the result waits on after a Go back; one to a moment behind the result has it again", async () => {
  using task = start().task;
  const toStart = await task.remember();
  task.onResult(succeeded);
  const toEnd = await task.remember();
  await toStart();
  const outcome = task.outcome();
  await toEnd();
  expect(await outcome).toEqual(succeeded);
  expect(task.isOpen()).toBe(false);
});

test("the time-out goes back too: what was left at the checkpoint is left again", async () => {
  using task = start(10).task;
  vi.advanceTimersByTime(4_000);
  const restore = await task.remember();
  vi.advanceTimersByTime(5_000);
  await restore();
  const outcome = task.outcome();
  outcome.catch(() => {});
  vi.advanceTimersByTime(5_900);
  expect(task.isOpen()).toBe(true);
  vi.advanceTimersByTime(200);
  await expect(outcome).rejects.toMatchObject({ code: "timed-out", message: describeTimeout(10, false) });
});

test("guest tools that fell silent after the result don't fail the run that goes back; they start once", async () => {
  const { task, onToolsStarted } = start();
  using _end = task;
  task.onActivity();
  const restore = await task.remember();
  task.onResult(succeeded);
  vi.advanceTimersByTime(600_000);
  await restore();
  const outcome = task.outcome();
  outcome.catch(() => {});
  task.onActivity();
  vi.advanceTimersByTime(100_000);
  expect(onToolsStarted).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(30_000);
  await expect(outcome).rejects.toMatchObject({ code: "guest-tools-lost" });
});
