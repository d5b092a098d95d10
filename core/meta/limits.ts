/** What a guest may cost its host, and how long either side waits. Times are in milliseconds, sizes in bytes. */

/** A poll without an action is answered after this time; guest tools give up on it 5 s later. */
export const pollTimeout = 30_000;

/** A request's headers fit in one packet, but an emulated guest on a busy host may be slow to send it. */
export const headersTimeout = 30_000;

/**
 * An idle connection is kept this long: more than the 90 s of Go's HTTP client, so that it is the guest that hangs
 * up, and no request runs into a connection that is just being closed.
 */
export const keepAliveTimeout = 120_000;

/** Guest tools send a few hundred bytes of headers. */
export const maxHeaderBytes = 16 * 1024;

/**
 * Connections open at once, each of which costs a relay process: far more than the log, the poll and the shells and
 * downloads that a person may have open.
 */
export const maxConnections = 128;

/** A reply may come this long after its request has ended: a poll's takes `pollTimeout`, a log's a slow disk. */
export const relayTimeout = 120_000;

/** The size of the pieces in which a relay copies: with socat's own 8 kB a download takes a quarter longer. */
export const relayBlockBytes = 64 * 1024;

/** A program that has not printed its help by then is none that we know. */
export const helpTimeout = 5_000;

/** The system's own limit is 107 bytes on Linux, 103 on macOS. */
export const maxSocketPathBytes = 100;
