import { createStore, type StoreApi } from "zustand/vanilla";

/** What was last heard of something that is watched; undefined before the first snapshot. */
export type SnapshotStore<Snapshot> = StoreApi<{ readonly value: Snapshot | undefined }>;

export function createSnapshotStore<Snapshot>(): SnapshotStore<Snapshot> {
  return createStore(() => ({ value: undefined as Snapshot | undefined }));
}

/** Keeps a store at what a stream of snapshots said last, until the stream ends or the signal aborts. */
export async function follow<Snapshot>(
  store: SnapshotStore<Snapshot>,
  open: (signal: AbortSignal) => Promise<AsyncIterable<Snapshot>>,
  signal: AbortSignal,
): Promise<void> {
  for await (const value of await open(signal)) store.setState({ value });
}
