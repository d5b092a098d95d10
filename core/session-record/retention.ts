import type { Retention } from "../../shared/app/settings.ts";

/** An ended session, as far as it matters to whether it is kept. */
export interface EndedSession {
  readonly id: string;
  /** Without its kept work. */
  readonly bytes: number;
  /** Bytes that a failed build has kept for a retry; 0 when it has kept none. */
  readonly keptWorkBytes: number;
}

/** The sessions and bytes that exceed the limits. */
export interface Surplus {
  readonly sessions: readonly EndedSession[];
  /** The sessions whose kept work is to go, which are kept themselves as long as the others leave room for them. */
  readonly keptWork: readonly EndedSession[];
}

const bytesPerGib = 1024 ** 3;

/**
 * Chooses the sessions and the kept work to delete. The newest session and the newest kept work are always kept, and
 * so are sessions that a retry can start from. Of the sessions that are larger than the limit by themselves, the
 * newest is left out of the sum, so that it does not push out the others.
 *
 * @param sessions the newest first.
 */
export function findSurplus(sessions: readonly EndedSession[], limits: Retention): Surplus {
  const keptWork = surplusWork(sessions, limits.keptWorkGib * bytesPerGib);
  const limit = limits.sessionsGib * bytesPerGib;
  const oversized = sessions.find(({ bytes }) => bytes > limit);
  let sum = 0;
  const surplus = sessions.filter((session, index) => {
    const bytes = session === oversized ? 0 : session.bytes;
    const offersRetry = session.keptWorkBytes > 0 && !keptWork.includes(session);
    const isKept = index === 0 || offersRetry;
    if (!isKept && (index >= limits.sessions || sum + bytes > limit)) return true;
    sum += bytes;
    return false;
  });
  return { sessions: surplus, keptWork: keptWork.filter((session) => !surplus.includes(session)) };
}

function surplusWork(sessions: readonly EndedSession[], limit: number): readonly EndedSession[] {
  const withWork = sessions.filter(({ keptWorkBytes }) => keptWorkBytes > 0);
  let sum = 0;
  return withWork.filter(({ keptWorkBytes }, index) => {
    if (index > 0 && sum + keptWorkBytes > limit) return true;
    sum += keptWorkBytes;
    return false;
  });
}
