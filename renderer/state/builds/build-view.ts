import { createStore, type StoreApi } from "zustand/vanilla";
import type { TaskExit } from "../../../shared/guest/task-outcome.ts";
import {
  type BuildEvent,
  type BuildState,
  buildEventTypes,
  initialBuildState,
  reduceBuild,
} from "../../../shared/session/build.ts";
import { isOfSession } from "../../../shared/session/note.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { rowLength } from "../log/row-length.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";

/** A line of a build's log, or a piece of a long one. */
export interface LogLine {
  /** The number of the event that it comes from, and more for a further piece: later lines have higher ones. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `command`: a command that the host runs; the `host` lines that name it are its output. */
  readonly from: "guest" | "note" | "host" | "command";
  readonly text: string;
  /** The number of the line of the command that printed this one. */
  readonly command?: number | undefined;
  /** Whether it continues where the one before it ended. */
  readonly isContinued?: boolean;
}

/** The end of a command of the host. */
export interface CommandEnd {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly exit: TaskExit;
}

/** An event of a session's log; this view knows more of it than the number only for builds. */
export type LoggedEvent = Pick<SessionEvent, "seq" | "time" | "type">;

type ScreenPicture = Pick<Extract<SessionEvent, { type: "screen-changed" }>, "time" | "picture">;

/** A build as its view shows it. */
export interface BuildView {
  readonly build: BuildState;
  readonly lines: readonly LogLine[];
  /** How many older lines were dropped: they are in the session's log. */
  readonly dropped: number;
  /** The numbers of the events with which the build's steps began, one for each of its steps. */
  readonly stepNumbers: readonly number[];
  /** The ends of commands, by the numbers of their lines. */
  readonly ends: ReadonlyMap<number, CommandEnd>;
  /** The number of the command that began last. */
  readonly command: number | undefined;
  /** The pictures of the guest's screen, in the order of their times: milliseconds since the epoch. */
  readonly pictures: readonly ScreenPicture[];
  /** The number of the last event that was seen: the place to resume from after a break. */
  readonly seen: number;
}

/** Lines that are kept in the window; older ones are in the session's log. */
const maxLines = 20_000;

/** Less than one for all pieces of the longest line, and exact in the numbers of any session. */
const pieceStep = 2 ** -20;

export const emptyBuildView: BuildView = {
  build: initialBuildState,
  lines: [],
  dropped: 0,
  stepNumbers: [],
  ends: new Map(),
  command: undefined,
  pictures: [],
  seen: 0,
};

/** The view after some more events of the session's log; those that were seen already change nothing. */
export function reduceBuildView(before: BuildView, events: readonly LoggedEvent[]): BuildView {
  const fresh = events.filter(({ seq }) => seq > before.seen);
  const last = fresh.at(-1);
  if (!last) return before;
  let { build, command } = before;
  const lines: LogLine[] = [];
  const stepNumbers = [...before.stepNumbers];
  const ends = new Map(before.ends);
  const pictures: ScreenPicture[] = [];
  for (const event of fresh) {
    if (isPicture(event)) pictures.push(event);
    if (!isBuildEvent(event)) continue;
    build = reduceBuild(build, event);
    const { seq: number, time } = event;
    if (event.type === "build-started") stepNumbers.length = 0;
    else if (build.steps.length > stepNumbers.length) stepNumbers.push(number);
    if (event.type === "command-started") command = number;
    if (event.type === "command-ended" && command !== undefined) {
      ends.set(command, { time, exit: event.exit });
      command = undefined;
    }
    const line = lineOf(event, command);
    if (line) lines.push(...piecesOf({ number, time, ...line }));
  }
  const all = lines.length > 0 ? [...before.lines, ...lines] : before.lines;
  const kept = all.length > maxLines ? newestLines(all) : all;
  return {
    build,
    lines: kept,
    dropped: before.dropped + (kept === all ? 0 : countLines(all) - countLines(kept)),
    ...{ stepNumbers, ends, command },
    pictures: pictures.length > 0 ? [...before.pictures, ...pictures] : before.pictures,
    seen: last.seq,
  };
}

/** The newest lines; the row of a command stays as long as a line that it printed: without it, that could not be unfolded. */
function newestLines(all: readonly LogLine[]): readonly LogLine[] {
  const newest = all.slice(-maxLines);
  const oldest = newest.find(({ command }) => command !== undefined)?.command;
  const row = all.find(({ number }) => number === oldest);
  return row && row.number < (newest[0]?.number ?? 0) ? [row, ...newest.slice(1)] : newest;
}

function countLines(pieces: readonly LogLine[]): number {
  return pieces.filter(({ isContinued }) => !isContinued).length;
}

/** A line in pieces that cost no more than other lines do. The row of a command is always one. */
function piecesOf(line: LogLine): readonly LogLine[] {
  if (line.from === "command" || line.text.length <= rowLength) return [line];
  // An escape sequence must not be cut.
  const text = stripControls(line.text);
  return Array.from({ length: Math.max(1, Math.ceil(text.length / rowLength)) }, (_, index) => ({
    ...line,
    number: line.number + index * pieceStep,
    text: text.slice(index * rowLength, (index + 1) * rowLength),
    ...(index > 0 && { isContinued: true }),
  }));
}

function isPicture(event: LoggedEvent): event is ScreenPicture & LoggedEvent {
  return event.type === "screen-changed";
}

/** The picture of the screen at a moment, in milliseconds since the epoch. */
export function pictureAt(pictures: readonly ScreenPicture[], time: number): string | undefined {
  return pictures.findLast((one) => one.time <= time)?.picture;
}

function isBuildEvent(event: LoggedEvent): event is BuildEvent & LoggedEvent {
  return buildEventTypes.has(event.type);
}

function lineOf(
  event: BuildEvent,
  command: number | undefined,
): Omit<LogLine, "number" | "time"> | undefined {
  switch (event.type) {
    case "guest-log":
      return { from: "guest", text: event.text };
    case "note":
      return isOfSession(event) ? { from: "note", text: event.text } : undefined;
    case "command-started":
      return { from: "command", text: event.command };
    case "output":
      return { from: "host", text: event.text, command };
    default:
      return undefined;
  }
}

const views = createSessionMemory(() => createStore<BuildView>(() => emptyBuildView));

/** A session's build as far as its log was read; it is kept while a panel of the session is open. */
export function buildView(session: string): StoreApi<BuildView> {
  return views.of(session);
}

/** The last lines of the guest's log in the step in which the build is, or ended: a few, the newest at the end. */
export function lastGuestLines({ lines, stepNumbers }: BuildView): readonly string[] {
  const start = stepNumbers.at(-1) ?? 0;
  const last: string[] = [];
  for (let index = lines.length - 1; index >= 0 && last.length < 3; index -= 1) {
    const line = lines[index];
    if (!line || line.number < start) break;
    if (line.from === "guest") last.unshift(line.text);
  }
  return last;
}
