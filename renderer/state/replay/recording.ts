import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import type { OutputTimes } from "../../../shared/session/output-times.ts";
import { describeOutputFaults } from "../../../shared/session/recording-faults.ts";
import type { ScreenEvent } from "../../../shared/session/session-event.ts";
import {
  createSpanFinder,
  describeWrongTimes,
  isInSpan,
  type SessionSpan,
} from "../../../shared/session/session-span.ts";
import { sessionClient } from "../../client/api-client.ts";
import { countUntil } from "./axis.ts";
import { createHappeningList, type Happening } from "./happenings.ts";
import { loadOutputTimes, loadSessionFile, mostBytes, type OutputName } from "./session-file.ts";

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
  /** Faults of the record, for a person. */
  readonly notes: readonly string[];
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
  const loading = loadEvents(session, signal);
  const span = loading.then((loaded) => loaded.span);
  const [serial, log, events] = await Promise.all([
    loadTrack(session, "serial", signal, span),
    loadTrack(session, "task", signal, span),
    loading,
  ]);
  const happeningTimes = events.happenings.flatMap(({ time, reply, end }) =>
    [time, reply?.time, end].filter((one) => one !== undefined),
  );
  const all = [...serial.times, ...log.times, ...events.screenTimes, ...happeningTimes];
  const moments = [...new Set(all)].sort((one, other) => one - other);
  const { start, end } = events.span;
  const notes = [
    ...describeTrack(serial, "the serial console"),
    ...describeTrack(log, "the guest's log"),
    ...describeWrongTimes(events.wrong, "the screen and the events"),
  ];
  return { ...events, start, end: Math.max(end, moments.at(-1) ?? end), serial, log, moments, notes };
}

async function loadEvents(session: string, signal: AbortSignal) {
  const happenings = createHappeningList();
  const changes: ScreenEvent[] = [];
  const finder = createSpanFinder();
  for await (const events of sessionEvents(sessionClient(session), {}, { signal })) {
    finder.add(events);
    happenings.add(events);
    for (const event of events) if (event.type === "screen-changed") changes.push(event);
  }
  const span = finder.span();
  const inSpan = <Item extends { readonly time: number }>(items: readonly Item[]) =>
    items.filter(({ time }) => isInSpan(span, time)).toSorted((one, other) => one.time - other.time);
  // The times of exchanges are more precise than those of other events.
  const list = inSpan(happenings.list);
  const shown = inSpan(changes);
  return {
    span,
    happenings: list.map((happening) => endedBy(happening, span.latest)),
    screenTimes: shown.map(({ time }) => time),
    pictures: shown.map(({ picture }) => picture),
    wrong: happenings.list.length - list.length + (changes.length - shown.length),
  };
}

/** A happening without a reply or an end whose time is wrong. */
function endedBy({ end, reply, ...happening }: Happening, latest: number): Happening {
  return {
    ...happening,
    ...(end !== undefined && end <= latest && { end }),
    ...(reply && reply.time <= latest && { reply }),
  };
}

/** A console's output, and its times as they were read. */
interface LoadedTrack extends OutputTrack {
  readonly known: OutputTimes;
}

function describeTrack({ bytes, known }: LoadedTrack, what: string): readonly string[] {
  // More of it may be in its file.
  const kept = bytes.length >= mostBytes ? Number.POSITIVE_INFINITY : bytes.length;
  return describeOutputFaults(known, kept, what);
}

async function loadTrack(
  session: string,
  name: OutputName,
  signal: AbortSignal,
  span: Promise<SessionSpan>,
): Promise<LoadedTrack> {
  const [bytes, known] = await Promise.all([
    loadSessionFile(session, `${name}.log`, signal),
    loadOutputTimes(session, name, signal, span),
  ]);
  const { times } = known;
  return { bytes, times: times.map(([time]) => time), ends: times.map(([, end]) => end), known };
}
