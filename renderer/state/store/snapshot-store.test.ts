import { expect, onTestFinished, test, vi } from "vitest";
import { createSnapshotStore, keepFollowing } from "./snapshot-store.ts";

test("a stream that breaks, or can't be opened, is opened again until nobody follows it any more", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const store = createSnapshotStore<number>();
  const controller = new AbortController();
  let opened = 0;
  async function* stream(first: number) {
    yield first;
    throw new Error("the folder is gone for a moment");
  }
  const open = async () => {
    opened += 1;
    if (opened === 2) throw new Error("not now");
    return stream(opened);
  };
  const followed = keepFollowing(store, open, controller.signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().value).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(store.getState().value).toBe(3);
  controller.abort();
  await vi.advanceTimersByTimeAsync(2_000);
  await followed;
  expect(opened).toBe(3);
});
