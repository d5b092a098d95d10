import type { StoredCrashReport } from "../../../shared/app/crash-report.ts";
import type { HostStatus } from "../../../shared/app/host.ts";
import type { CurrentSettings } from "../../../shared/app/settings.ts";
import type { KeptCheckpoint } from "../../../shared/checkpoint/checkpoint.ts";
import type { Library } from "../../../shared/library/library.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import type { AppClient } from "../../client/api-client.ts";
import { createSnapshotStore, keepFollowing } from "../store/snapshot-store.ts";

export const host = createSnapshotStore<HostStatus>();
export const settings = createSnapshotStore<CurrentSettings>();
export const library = createSnapshotStore<Library>();
export const crashes = createSnapshotStore<readonly StoredCrashReport[]>();
export const keptCheckpoints = createSnapshotStore<readonly KeptCheckpoint[]>();
export const sessions = createSnapshotStore<readonly SessionSummary[]>();

interface FollowOptions {
  readonly signal: AbortSignal;
  /** Called when the app has answered for the first time. */
  readonly onAnswer: () => void;
}

/** Keeps the state of the app up to date, until the signal aborts. */
export async function followApp(app: AppClient, { signal, onAnswer }: FollowOptions): Promise<void> {
  const watchSettings = async (signal: AbortSignal) => {
    const snapshots = await app.settings.watch(undefined, { signal });
    onAnswer();
    return snapshots;
  };
  await Promise.all([
    keepFollowing(settings, watchSettings, signal),
    keepFollowing(host, (signal) => app.host.watch(undefined, { signal }), signal),
    keepFollowing(library, (signal) => app.library.watch(undefined, { signal }), signal),
    keepFollowing(crashes, (signal) => app.crashes.watch(undefined, { signal }), signal),
    keepFollowing(keptCheckpoints, (signal) => app.keptCheckpoints.watch(undefined, { signal }), signal),
    keepFollowing(sessions, (signal) => app.sessions.watch(undefined, { signal }), signal),
  ]);
}
