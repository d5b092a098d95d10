import { z } from "zod";
import { type SessionSummary, sessionSummarySchema } from "../../../shared/session/session-summary.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../../files/writing/versioned-json.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";

/** The description of an ended session, and the time of its folder's last change, in milliseconds since the epoch. */
export interface EndedSummary {
  readonly changed: number;
  readonly summary: SessionSummary;
}

/** Remembers ended sessions, also in a file, so that the first list of a process is quick, too. */
export interface SummaryCache {
  get(id: string): EndedSummary | undefined;
  set(id: string, ended: EndedSummary): void;
  /** Forgets all sessions but these, and writes the file if anything has changed. */
  save(ids: ReadonlySet<string>): void;
}

const format: VersionedFormat<{ readonly sessions: readonly EndedSummary[] }> = {
  what: "summaries of sessions",
  schema: z.object({ sessions: z.array(z.object({ changed: z.number(), summary: sessionSummarySchema })) }),
  // Version 1 lacks the commands of runs, and has cancelled sessions as failed ones: all are read again.
  migrations: [(none) => none, () => ({ sessions: [] })],
};

export function createSummaryCache(paths: Paths): SummaryCache {
  const summaries = new Map(readFile(paths).map((one) => [one.summary.id, one]));
  let hasChanged = false;
  return {
    get: (id) => summaries.get(id),
    set: (id, ended) => {
      summaries.set(id, ended);
      hasChanged = true;
    },
    save: (ids) => {
      for (const id of summaries.keys()) if (!ids.has(id)) hasChanged = summaries.delete(id);
      if (!hasChanged) return;
      hasChanged = false;
      // A later version of Tinsmith can describe what this one can't, and a record can be repaired.
      const sessions = [...summaries.values()].filter(
        ({ summary: { status } }) => status !== "newer" && status !== "unreadable",
      );
      try {
        writeVersioned(paths.sessionSummaries, format, { sessions });
      } catch {
        // On a full disk, for example. Then the next process reads the sessions themselves.
      }
    },
  };
}

/** Nothing if there is no such file, or it is damaged or of another version. */
function readFile(paths: Paths): readonly EndedSummary[] {
  try {
    const { sessions } = readVersioned(paths.sessionSummaries, format);
    // The home may have been moved.
    return sessions.map(({ changed, summary }) => ({
      changed,
      summary: { ...summary, folder: sessionPaths(paths, summary.id).folder },
    }));
  } catch {
    return [];
  }
}
