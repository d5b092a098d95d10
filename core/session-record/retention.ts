import type { Retention } from "../../shared/app/settings.ts";

/** An ended session, as far as it matters to whether it is kept. */
export interface EndedSession {
  readonly id: string;
  /** Without its kept work. */
  readonly bytes: number;
  /** Bytes that a failed build has kept for a retry; 0 when it has kept none. */
  readonly keptWorkBytes: number;
  /** The round of a watch that has started it, by its name. */
  readonly round?: string | undefined;
}

/** Rounds of watches whose sessions are kept. A watch has one for each saved file, and their verdicts are in its own log. */
const keptRounds = 10;

const bytesPerGib = 1024 ** 3;

/**
 * Chooses the sessions to delete. Those that rounds of a watch have started count apart, so that a watch does not push out all
 * others within minutes: those of the newest rounds are kept. The newest session is always kept, and so are those that a retry can start from. Of the
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
  const rounds = new Set<string>();
  let count = 0;
  let sum = 0;
  return sessions.filter((session, index) => {
    const bytes = session === oversized ? 0 : session.bytes;
    const isKept = index === 0 || session.keptWorkBytes > 0;
    if (session.round === undefined) count += 1;
    else rounds.add(session.round);
    const isOld =
      session.round === undefined
        ? count > limits.sessions
        : [...rounds].indexOf(session.round) >= keptRounds;
    if (!isKept && (isOld || sum + bytes > limit)) return true;
    sum += bytes;
    return false;
  });
}
