import { addAbortListener } from "node:events";
import { closeSync, openSync, writeSync } from "node:fs";
import type { SessionEvent, SessionHappening } from "../../shared/session/session-event.ts";
import { formatCount } from "../../shared/text/format.ts";
import { ignoreFullDisk } from "../files/folders.ts";
import { freeBytesSync } from "../files/free-space.ts";
import { openRegularFile } from "../files/regular-file.ts";
import type { Untimed } from "./report.ts";
import { createGuestQuota, defaultQuota, type GuestQuota } from "./session-log-quota.ts";
import { eventBlocks } from "./session-log-reader.ts";
import { sessionLogVersion } from "./session-log-version.ts";

/**
 * The events of a session, as JSON lines on disk. Disposing it ends the subscriptions after they have received all
 * events.
 */
export interface SessionLog extends Disposable {
  /**
   * Appends an event, with the time when it has none. On a full disk, events are left out, and a note says so when
   * there is space again. Events that a guest causes beyond its quota, and events after the end, are left out too.
   */
  record(event: Recordable): void;
  /**
   * All events, or those after the one of a number; then those to come, as they come, until the signal aborts or the
   * log ends; as many together as there are. They are read from the file, so one who takes them slowly costs no memory.
   */
  subscribe(options?: SubscribeOptions): AsyncGenerator<readonly SessionEvent[], void, void>;
}

/** An event, whose time may be missing. */
type Recordable = SessionHappening | Untimed<SessionHappening>;

interface SubscribeOptions {
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Events between two remembered positions, from which a late subscriber starts to read. */
const markInterval = 1024;

/** Creates the file, for this user's eyes only. @throws the system's error when that fails, or there is one */
export function openSessionLog(path: string, quota: GuestQuota = defaultQuota): SessionLog {
  const file = openSync(path, "wx", 0o600);
  const admit = createGuestQuota(quota, () => freeBytesFor(path));
  const sleepers = new Set<() => void>();
  /** The positions where the events 1, 1 + markInterval, ... begin. */
  const marks = [0];
  let isOpen = true;
  let last = 0;
  let end = 0;
  let lost = 0;

  const append = (event: Recordable): boolean => {
    const head = last === 0 ? { version: sessionLogVersion } : {};
    const line = Buffer.from(`${JSON.stringify({ ...head, seq: last + 1, time: Date.now(), ...event })}\n`);
    if (!writeWhole(file, line, end)) return false;
    last += 1;
    end += line.length;
    if (last % markInterval === 0) marks.push(end);
    return true;
  };
  const write = (event: Recordable) => {
    if (lost > 0 && append({ type: "note", text: describeLoss(lost) })) lost = 0;
    if (!append(event)) lost += 1;
  };
  const wake = () => {
    for (const sleeper of sleepers) sleeper();
    sleepers.clear();
  };

  return {
    record: (event) => {
      if (!isOpen) return;
      const { isAdmitted, note } = admit(event.type, end);
      if (note) write({ type: "note", text: note });
      if (isAdmitted) write(event);
      wake();
    },
    async *subscribe({ after = 0, signal } = {}) {
      await using reader = await openRegularFile(path);
      using _wakeUp = signal && addAbortListener(signal, wake);
      let position = marks[Math.min(Math.floor(after / markInterval), marks.length - 1)] ?? 0;
      for (;;) {
        const written = end;
        for await (const block of eventBlocks(reader, position, { limit: () => end })) {
          position = block.end;
          const events = block.events.filter(({ seq }) => seq > after);
          if (signal?.aborted) return;
          if (events.length > 0) yield events;
        }
        if (signal?.aborted || (position === end && !isOpen)) return;
        if (position < written) throw new Error(`${path} is shorter than what was written to it`);
        // Nothing can come between this look and the sleep.
        if (position === end) await new Promise<void>((resolve) => sleepers.add(resolve));
      }
    },
    [Symbol.dispose]: () => {
      isOpen = false;
      closeSync(file);
      wake();
    },
  };
}

/**
 * Writes a line at a position, or nothing that a reader would take for one: what remains of a line that did not fit is
 * without an end, and the next line covers it.
 */
function writeWhole(file: number, line: Uint8Array, position: number): boolean {
  try {
    let written = 0;
    while (written < line.length)
      written += writeSync(file, line, written, line.length - written, position + written);
    return true;
  } catch (error) {
    // A guest that waits for space, for example, must not end because that can't be logged.
    ignoreFullDisk(error);
    return false;
  }
}

function describeLoss(events: number): string {
  return `The disk was full: before this line, ${formatCount(events, "entry is", "entries are")} missing.`;
}

/** A session whose folder was deleted runs on, so a file that is not there counts as one on a disk with space. */
function freeBytesFor(path: string): number {
  try {
    return freeBytesSync(path);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
