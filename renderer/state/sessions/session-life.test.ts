import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { connection } from "../connection/connection.ts";
import { createReopening } from "./session-life.ts";

beforeEach(() => {
  vi.useFakeTimers();
  connection.setState({ status: "connected" });
  sessions.setState({ value: [] });
});

function list(status: SessionSummary["status"]): void {
  sessions.setState({ value: [{ id: "s1", status } as SessionSummary] });
}

/** Tries to reach a session that never can be, and counts that. */
function tryAlways(works = false) {
  const controller = new AbortController();
  onTestFinished(() => {
    controller.abort();
    vi.useRealTimers();
  });
  const tried = { times: 0, hasGivenUp: false };
  const reopening = createReopening("s1", controller.signal);
  const tryOn = async () => {
    while (await reopening.wait()) {
      tried.times += 1;
      if (works) reopening.works();
    }
    tried.hasGivenUp = true;
  };
  void tryOn();
  return tried;
}

test("a session that is not listed is not asked for, until it is", async () => {
  const tried = tryAlways();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tried).toEqual({ times: 0, hasGivenUp: false });
  list("running");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tried.times).toBeGreaterThan(0);
});

test("one that runs and can't be reached is asked for less and less often", async () => {
  list("running");
  const tried = tryAlways();
  await vi.advanceTimersByTimeAsync(10_000);
  const soon = tried.times;
  expect(soon).toBeGreaterThan(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tried.times - soon).toBeLessThan(10);
  expect(tried.hasGivenUp).toBe(false);
});

test("a connection that breaks after it has worked is opened again at once", async () => {
  list("running");
  const tried = tryAlways(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tried.times).toBeGreaterThan(15);
});

test("one that has ended and can't be read is given up", async () => {
  list("killed");
  const tried = tryAlways();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tried).toEqual({ times: 3, hasGivenUp: true });
});
