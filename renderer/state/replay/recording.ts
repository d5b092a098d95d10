import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { sessionClient } from "../../client/api-client.ts";
import { countUntil } from "./axis.ts";
import { createHappeningList, type Happening } from "./happenings.ts";
import { loadOutputTimes, loadSessionFile, type OutputName } from "./session-file.ts";

/** The output of a console, with the times at which it came. */
export interface OutputTrack {
  readonly bytes: Uint8Array;
  /** In milliseconds since the epoch, in their order. */
  readonly times: readonly number[];
  /** How many bytes had come by each time. */
  readonly ends: readonly number[];
}

/** All that a session has shown, from its start to its end. Times are in milliseconds since the epoch. */
export interface Recording {
  readonly start: number;
  readonly end: number;
  readonly serial: OutputTrack;
  readonly log: OutputTrack;
  /** The times at which the screen changed, and the names of its pictures. */
  readonly screenTimes: readonly number[];
  readonly pictures: readonly string[];
  readonly happenings: readonly Happening[];
  /** The times at which anything changes, each once, in their order. */
  readonly moments: readonly number[];
}

/** The number of bytes that a console had printed by a time; all of them, if there are no times. */
export function printedUntil({ bytes, times, ends }: OutputTrack, time: number): number {
  const reached = countUntil(times, time);
  // The end of a log that has reached its quota has no times.
  if (reached === times.length) return bytes.length;
  return Math.min(bytes.length, ends[reached - 1] ?? 0);
}

/** The name of the picture that the screen showed at a time; undefined before the first one. */
export function pictureAt({ screenTimes, pictures }: Recording, time: number): string | undefined {
  return pictures[countUntil(screenTimes, time) - 1];
}

/** Reads all that a session has shown. @throws AppError when its files can't be read; the signal's reason */
export async function loadRecording(session: string, signal: AbortSignal): Promise<Recording> {
  const [serial, log, events] = await Promise.all([
    loadTrack(session, "serial", signal),
    loadTrack(session, "task", signal),
    loadEvents(session, signal),
  ]);
  const happeningTimes = events.happenings.flatMap(({ time, reply, end }) =>
    [time, reply?.time, end].filter((one) => one !== undefined),
  );
  const all = [...serial.times, ...log.times, ...events.screenTimes, ...happeningTimes];
  const moments = [...new Set(all)].sort((one, other) => one - other);
  const { start = 0, end = 0 } = events;
  return { ...events, start, end: Math.max(end, moments.at(-1) ?? end), serial, log, moments };
}

async function loadEvents(session: string, signal: AbortSignal) {
  const happenings = createHappeningList();
  const screenTimes: number[] = [];
  const pictures: string[] = [];
  let start: number | undefined;
  let end: number | undefined;
  for await (const events of sessionEvents(sessionClient(session), {}, { signal })) {
    start ??= events[0]?.time;
    end = events.at(-1)?.time ?? end;
    happenings.add(events);
    for (const event of events) {
      if (event.type !== "screen-changed") continue;
      screenTimes.push(event.time);
      pictures.push(event.picture);
    }
  }
  // The times of exchanges are more precise than those of other events.
  const list = happenings.list.toSorted((one, other) => one.time - other.time);
  return { happenings: list, screenTimes, pictures, start, end };
}

async function loadTrack(session: string, name: OutputName, signal: AbortSignal): Promise<OutputTrack> {
  const [bytes, noted] = await Promise.all([
    loadSessionFile(session, `${name}.log`, signal),
    loadOutputTimes(session, name, signal),
  ]);
  return { bytes, times: noted.map(([time]) => time), ends: noted.map(([, end]) => end) };
}
