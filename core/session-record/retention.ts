import type { Retention } from "../../shared/app/settings.ts";

/** An ended session, as far as it matters to whether it is kept. */
export interface EndedSession {
  readonly id: string;
  /** Without its kept work. */
  readonly bytes: number;
  /** Bytes that a failed build has kept for a retry; 0 when it has kept none. */
  readonly keptWorkBytes: number;
}

const bytesPerGib = 1024 ** 3;

/**
 * Chooses the sessions to delete. The newest session is always kept, and so are those that a retry can start from. Of the
 * sessions that are larger than the limit by themselves, the newest is left out of the sum, so that it does not push out the
 * others.
 *
 * @param sessions the newest first.
 */
export function findSurplus(
  sessions: readonly EndedSession[],
  limits: Pick<Retention, "sessions" | "sessionsGib">,
): readonly EndedSession[] {
  const limit = limits.sessionsGib * bytesPerGib;
  const oversized = sessions.find(({ bytes }) => bytes > limit);
  let sum = 0;
  return sessions.filter((session, index) => {
    const bytes = session === oversized ? 0 : session.bytes;
    const isKept = index === 0 || session.keptWorkBytes > 0;
    if (!isKept && (index >= limits.sessions || sum + bytes > limit)) return true;
    sum += bytes;
    return false;
  });
}
