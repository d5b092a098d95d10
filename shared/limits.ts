/**
 * The limits that two sides share. One that depends on another is computed from it. No schema is in here: the window asks
 * for these before it has loaded one.
 */

/** The largest values that a person can choose, the smallest being 1, and the usual ones. */
export const limits = {
  /** MiB of memory: 1 TiB. */
  memory: 1024 ** 2,
  /** MiB that a machine definition without a memory gets, if the host has that much: enough for an installer. */
  usualMemory: 2048,
  /** Seconds: a week. Timers count milliseconds in 31 bits, and hold 24 days. */
  timeout: 7 * 24 * 60 * 60,
  /** GiB of a disk: a worker refuses one of 50 GiB or more. */
  diskSize: 49,
  port: 65_535,
  /** Pixels of a screen, in each direction: none of a virtual machine has more. */
  screenPixels: 8192,
} as const;

const second = 1000;
const KiB = 1024;

/** A poll without an action is answered after this time: until then it waits, which costs nothing. */
const pollTimeout = 30 * second;
/** Between two pings, which keep a shell's connection known to be alive. Both sides send them. */
const shellPingInterval = 15 * second;

/**
 * The limits that the MetaService and the guest tools both keep to: see docs/protocol.md. Times are in milliseconds. The guest
 * tools have their own constants, in guest/internal/limits/limits.go: tests/fixtures/guest-protocol/limits.json holds both to
 * the same values.
 */
export const protocolLimits = {
  /** Guest tools give up on a request that is answered at once after this time. */
  requestPatience: 5 * second,
  pollTimeout,
  /** Guest tools give up on a poll after this time: the answer has 5 s for the way. */
  pollPatience: pollTimeout + 5 * second,
  /** Guest tools that send no request in the time of four polls are lost. */
  silenceTimeout: 4 * pollTimeout,

  /** The number of tries of an action. */
  tries: 3,
  /** A shell is for a person, who tries again. */
  shellTries: 1,
  /**
   * A try fails when no poll takes its action in this time: guest tools poll all the time. It begins with the guest tools' first
   * request at the earliest.
   */
  takeTimeout: 30 * second,
  /** A try fails when no reply, or no shell's handshake, begins this long after a poll took its action. */
  replyTimeout: 30 * second,
  /** A reply that began may take as long as it likes, but for pauses: an emulated guest's disk may be this slow. */
  replyStallTimeout: 60 * second,
  /** Of the reply to list-folder: more than 100,000 names. */
  folderListingBytes: 10 * KiB ** 2,

  shellPingInterval,
  /** A side that answers none of three pings is gone. */
  shellPongTimeout: 3 * shellPingInterval,
  /** A side that takes nothing for this time is gone, even if it answers pings. */
  shellWriteTimeout: 30 * second,
  /** Bytes of a stream that may be sent and not yet acknowledged. */
  shellWindowBytes: 64 * KiB,
  /** Bytes of payload in one Data message, at most. */
  shellBlockBytes: 16 * KiB,
  /** Bytes of a whole message, at most. */
  shellMessageBytes: 20 * KiB,
};

/** The engine keeps a shell this long without a client, which a page that is loaded again needs seconds of. Milliseconds. */
export const shellKeepTime = 60 * second;
