import { protocolLimits } from "../../shared/limits.ts";
import { diskReserve } from "../files/free-space.ts";
import type { GuestClock } from "../time/guest-clock.ts";

const second = 1000;
const MiB = 1024 ** 2;

/**
 * Limits on the host resources that a guest may use, and time limits of either side. Milliseconds and bytes. The reasons for
 * those that are part of the protocol are in shared/limits.ts. record/body-recorder.ts has the limits of recorded bodies.
 */
export const defaultLimits = {
  pollTimeout: protocolLimits.pollTimeout,

  /** A shell is tried once. */
  tries: protocolLimits.tries,
  takeTimeout: protocolLimits.takeTimeout,
  replyTimeout: protocolLimits.replyTimeout,
  replyStallTimeout: protocolLimits.replyStallTimeout,
  folderListingBytes: protocolLimits.folderListingBytes,
  /** Actions under way at once: more than a person starts, fewer than there may be connections. */
  pendingActions: 64,
  /** Shells open at once: each keeps a connection for as long as it is open. */
  shells: 16,

  shellPingInterval: protocolLimits.shellPingInterval,
  shellPongTimeout: protocolLimits.shellPongTimeout,
  shellWriteTimeout: protocolLimits.shellWriteTimeout,
  /** Bytes that wait to be sent, past which a ping is not answered: a guest could fill the memory with pings. */
  shellUnsentBytes: 1 * MiB,
  /** A guest has this long to kill an aborted shell; then, as older ones don't know Abort, it is cut off. */
  shellAbortGrace: 1 * second,
  /** A closing handshake is one exchange of messages. */
  shellCloseTimeout: 2 * second,

  /** A log may come at once up to this size: a big task log, as one that was written before the network was up. */
  logBurstBytes: 256 * MiB,
  /** Past the burst, a log continues at this rate: no build prints faster, and a disk lasts for a while. */
  logBytesPerSecond: 32 * MiB,
  /** Bytes that artifacts and logs leave free on their disk. */
  diskReserve,

  /** A request's headers fit in one packet, but an emulated guest on a busy host may be slow to send it. */
  headersTimeout: 30 * second,
  /** Guest tools send a few hundred bytes of headers. */
  maxHeaderBytes: 16 * 1024,
  /** The rest of a request that was answered early is read for so long, so that the sender sees the reply. */
  unreadBodyTimeout: 5 * second,
  /**
   * An idle connection is kept this long: more than the 90 s of Go's HTTP client, so that it is the guest that hangs
   * up, and no request runs into a connection that is just being closed.
   */
  keepAliveTimeout: 120 * second,
  /**
   * Connections open at once, each of which costs a relay process: more than the log, the poll, and all shells and
   * actions that may be under way.
   */
  maxConnections: 128,
  /**
   * Requests on a connection that wait while one before them is served: guest tools await each reply, so this is for
   * clients that send some at once. One more is refused, and closes the connection.
   */
  waitingRequests: 64,

  /** A reply may come this long after its request has ended: a poll's takes `pollTimeout`, a log's a slow disk. */
  relayTimeout: 4 * protocolLimits.pollTimeout,
  /** The size of the pieces in which a relay copies: with socat's own 8 kB a download takes a quarter longer. */
  relayBlockBytes: 64 * 1024,
  /** A program that has not printed its help by then counts as unknown. */
  helpTimeout: 5 * second,
  /** The system's own limit is 107 bytes on Linux, 103 on macOS. */
  maxSocketPathBytes: 100,
};

/** See `defaultLimits`. */
export interface MetaLimits extends Readonly<typeof defaultLimits> {
  /** Counts the times for which a guest is waited for. */
  readonly clock: GuestClock;
}
