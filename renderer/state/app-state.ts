import type { HostStatus } from "../../shared/host.ts";
import type { Library } from "../../shared/library.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import type { Settings } from "../../shared/settings.ts";
import type { AppClient } from "../api-client.ts";
import { createSnapshotStore, follow } from "./snapshot-store.ts";

export const host = createSnapshotStore<HostStatus>();
export const settings = createSnapshotStore<Settings>();
export const library = createSnapshotStore<Library>();
export const sessions = createSnapshotStore<readonly SessionSummary[]>();

/** Keeps all that the app tells of itself up to date, until a stream breaks: then it rejects. */
export async function followApp(app: AppClient, signal: AbortSignal): Promise<void> {
  await Promise.all([
    follow(host, (signal) => app.host.watch(undefined, { signal }), signal),
    follow(settings, (signal) => app.settings.watch(undefined, { signal }), signal),
    follow(library, (signal) => app.library.watch(undefined, { signal }), signal),
    follow(sessions, (signal) => app.sessions.watch(undefined, { signal }), signal),
  ]);
}
