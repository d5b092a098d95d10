import { existsSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type SessionSummary, sessionSummarySchema } from "../../../shared/session/session-summary.ts";
import { statusOf } from "../../files/regular-file.ts";
import { damagedLog } from "../../session-record/require-session.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import { createTimeSlice } from "../../time/time-slice.ts";
import { canRetry, describeSession, describeUnreadable } from "./session-summary.ts";
import { createSummaryCache, type SummaryCache } from "./summary-cache.ts";

/** Lists all sessions that are kept, running and ended, the newest first; the same array if nothing has changed. */
export type SessionList = () => Promise<SessionSummary[]>;

/**
 * Makes a list that can be asked for often: it reads an ended session again only when something was added to its folder
 * or removed. Other work of this process runs meanwhile.
 */
export function createSessionList(paths: Paths): SessionList {
  let cache: SummaryCache | undefined;
  let last: SessionSummary[] = [];
  let current: Promise<SessionSummary[]> | undefined;
  const take = async () => {
    cache ??= createSummaryCache(paths);
    const slice = createTimeSlice();
    const known = new Map(last.map((summary) => [summary.id, summary]));
    const summaries: SessionSummary[] = [];
    for (const id of sessionIds(paths)) {
      await slice();
      const summary = describeEnded(paths, id, cache) ?? describeAnew(paths, id, cache);
      const before = known.get(id);
      if (summary) summaries.push(isDeepStrictEqual(before, summary) && before ? before : summary);
    }
    cache.save(new Set(summaries.map(({ id }) => id)));
    summaries.sort(newestFirst);
    const isSame =
      summaries.length === last.length && summaries.every((summary, index) => summary === last[index]);
    if (!isSame) last = summaries;
    return last;
  };
  return () => {
    current ??= take().finally(() => {
      current = undefined;
    });
    return current;
  };
}

/** Undefined for a session that had not ended before, or has changed since. */
function describeEnded(paths: Paths, id: string, cache: SummaryCache): SessionSummary | undefined {
  const ended = cache.get(id);
  if (!ended || ended.changed !== changeTime(paths, id)) return undefined;
  const { summary } = ended;
  // Kept work disappears when it is used, or deleted to free space.
  if (!summary.canRetry || canRetry(paths, id)) return summary;
  const changed = { ...summary, canRetry: false };
  cache.set(id, { ...ended, summary: changed });
  return changed;
}

/** Undefined for a session that is only just beginning, or was removed meanwhile. */
function describeAnew(paths: Paths, id: string, cache: SummaryCache): SessionSummary | undefined {
  // Before the description, so that a change meanwhile is seen the next time.
  const changed = changeTime(paths, id);
  const summary = describeReadable(paths, id);
  if (summary && summary.status !== "running" && changed !== undefined) cache.set(id, { changed, summary });
  return summary;
}

/** Describes a session whose log may be damaged, and tell anything: the others are listed all the same. */
function describeReadable(paths: Paths, id: string): SessionSummary | undefined {
  try {
    const { data: summary, error } = sessionSummarySchema.optional().safeParse(describeSession(paths, id));
    if (error) throw damagedLog(sessionPaths(paths, id), error);
    return summary;
  } catch (thrown) {
    return describeUnreadable(paths, id, thrown);
  }
}

/** When something was last added to a session's folder or removed from it, in milliseconds since the epoch. */
function changeTime(paths: Paths, id: string): number | undefined {
  return statusOf(sessionPaths(paths, id).folder)?.mtimeMs;
}

/** An id has the second in which its session started; the events of one second are ordered by their milliseconds. */
function newestFirst(one: SessionSummary, other: SessionSummary): number {
  const byId = secondOf(other.id).localeCompare(secondOf(one.id));
  return byId || other.started - one.started;
}

/** The part of an id before its random end. */
function secondOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

/** Newest first, as far as the ids tell. */
function sessionIds(paths: Paths): readonly string[] {
  if (!existsSync(paths.sessions)) return [];
  const entries = readdirSync(paths.sessions, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  return folders
    .map(({ name }) => name)
    .sort()
    .reverse();
}
