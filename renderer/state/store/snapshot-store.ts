import { createStore, type StoreApi } from "zustand/vanilla";

/** The last snapshot of a watched thing; undefined before the first one. */
export type SnapshotStore<Snapshot> = StoreApi<{ readonly value: Snapshot | undefined }>;

export function createSnapshotStore<Snapshot>(): SnapshotStore<Snapshot> {
  return createStore(() => ({ value: undefined as Snapshot | undefined }));
}

/** Keeps a store at the last snapshot of a stream, until the stream ends or the signal aborts. */
export async function follow<Snapshot>(
  store: SnapshotStore<Snapshot>,
  open: (signal: AbortSignal) => Promise<AsyncIterable<Snapshot>>,
  signal: AbortSignal,
): Promise<void> {
  for await (const value of await open(signal)) store.setState({ value });
}

/** After a stream broke, it is opened again after this time, in milliseconds. */
const reopenPause = 1_000;

/**
 * As `follow`, until the signal aborts. A stream that breaks, as when the engine can't read something for a moment,
 * is opened again: a store must not stop changing while all others continue.
 */
export async function keepFollowing<Snapshot>(
  ...[store, open, signal]: Parameters<typeof follow<Snapshot>>
): Promise<void> {
  while (!signal.aborted) {
    await follow(store, open, signal).catch(() => {});
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, reopenPause));
  }
}
