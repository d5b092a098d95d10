import type { ConsoleName } from "../../../shared/recipe/install-step.ts";
import type { GuestInput } from "../../../shared/recorder/guest-input.ts";
import type { InputEntry, RecordingEntry } from "../cast/recording-entry.ts";
import { compact, createShownText, isOnlyEcho } from "./shown-text.ts";
import { isReturn, lineOf, type Stroke, strokesOf } from "./strokes.ts";

type MachineInput = Exclude<GuestInput, { console: ConsoleName }>;

/** Something that a person did as a whole, such as typing a line. Times are in seconds. */
export type PersonAct = {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** Milliseconds since the epoch, of its start. */
  readonly epoch: number;
  readonly checkpoint?: string | undefined;
} & (
  | { readonly kind: "line"; readonly console: ConsoleName; readonly line: string }
  | { readonly kind: "hidden"; readonly console: ConsoleName; readonly name: string }
  | { readonly kind: "strokes"; readonly console: ConsoleName; readonly strokes: readonly Stroke[] }
  | { readonly kind: "machine"; readonly input: MachineInput }
);

interface TimedStroke {
  readonly stroke: Stroke;
  readonly time: number;
  readonly epoch: number;
  /** The visible text that came before it, since the last one. */
  readonly shown: string;
}

/** So much of the text that was shown while a line was typed is kept to find its echo. Characters. */
const keptShown = 64 * 1024;

/** Finds what a person did in the entries of a recording, one after another. */
export function createActFinder(onAct: (act: PersonAct) => void) {
  const consoles = {
    serial: createLineFinder("serial", onAct),
    screen: createLineFinder("screen", onAct),
  };
  let checkpoint: string | undefined;
  const takeCheckpoint = () => {
    const name = checkpoint;
    checkpoint = undefined;
    return name;
  };
  return {
    add: (entry: RecordingEntry) => {
      if (entry.kind === "output") consoles.serial.show(entry);
      else if (entry.kind === "screen") consoles.screen.show(entry);
      else if (entry.kind === "checkpoint") checkpoint = entry.name;
      else if (entry.kind === "hidden") {
        const { time, epoch, name } = entry;
        consoles[entry.console].end();
        onAct({
          ...{ kind: "hidden", console: entry.console, name, id: idOf(entry.console, time), epoch },
          ...{ start: time, end: time, checkpoint: takeCheckpoint() },
        });
      } else if (entry.kind === "input") {
        const { time, epoch, input } = entry;
        if ("console" in input) {
          consoles[input.console === "serial" ? "screen" : "serial"].end();
          consoles[input.console].type(entry, takeCheckpoint);
        } else {
          consoles.serial.end();
          consoles.screen.end();
          const times = { start: time, end: time, epoch };
          onAct({
            kind: "machine",
            id: idOf(input.act, time),
            input,
            ...times,
            checkpoint: takeCheckpoint(),
          });
        }
      } else if (entry.kind === "off") {
        consoles.serial.end();
        consoles.screen.end();
      }
    },
    /** No more comes. */
    end: () => {
      consoles.serial.end();
      consoles.screen.end();
    },
  };
}

function idOf(what: string, time: number): string {
  return `${what}@${time.toFixed(6)}`;
}

function isOfLine({ stroke }: TimedStroke): boolean {
  return lineOf([stroke]) !== undefined;
}

/** Divides what is typed on one console into lines and other keys. */
function createLineFinder(console: ConsoleName, onAct: (act: PersonAct) => void) {
  const text = createShownText();
  let typed: TimedStroke[] = [];
  let shown = "";
  let allShown = "";
  let checkpoint: string | undefined;

  const emit = (strokes: readonly TimedStroke[]) => {
    const [first] = strokes;
    const last = strokes.at(-1);
    if (!first || !last) return;
    const act = {
      ...{ id: idOf(console, first.time), console, start: first.time, end: last.time, epoch: first.epoch },
      checkpoint,
    };
    checkpoint = undefined;
    const keys = strokes.map(({ stroke }) => stroke);
    const line = isReturn(last.stroke) ? lineOf(keys.slice(0, -1)) : undefined;
    onAct(line ? { kind: "line", line, ...act } : { kind: "strokes", strokes: keys, ...act });
  };
  /** Ends what was typed: a line as a whole if the guest has echoed it so, or has said nothing meanwhile. */
  const end = () => {
    const line = lineOf(typed.map(({ stroke }) => stroke).filter((stroke) => !isReturn(stroke)));
    const isEchoed = line !== undefined && line !== "" && allShown.includes(compact(line));
    const parts: TimedStroke[][] = [];
    let sofar = "";
    for (const one of typed) {
      const part = parts.at(-1);
      if (part && (isEchoed || isOnlyEcho(one.shown, sofar))) part.push(one);
      else {
        parts.push([one]);
        sofar = "";
      }
      if ("text" in one.stroke) sofar += one.stroke.text;
    }
    typed = [];
    allShown = "";
    for (const part of parts) emit(part);
  };
  return {
    end,
    show: (entry: Extract<RecordingEntry, { kind: "output" | "screen" }>) => {
      const added = text.add(entry);
      shown = (shown + added).slice(-keptShown);
      if (typed.length > 0) allShown = (allShown + added).slice(-keptShown);
    },
    type: (entry: InputEntry, takeCheckpoint: () => string | undefined) => {
      const { input, time, epoch } = entry;
      if (!("console" in input)) return;
      for (const stroke of strokesOf(input)) {
        const isLine = typed.every(isOfLine);
        const sofar = typed.map((one) => ("text" in one.stroke ? one.stroke.text : "")).join("");
        if (typed.length > 0 && !isLine && !isOnlyEcho(shown, sofar)) end();
        if (typed.length === 0) checkpoint = takeCheckpoint() ?? checkpoint;
        typed.push({ stroke, time, epoch, shown });
        shown = "";
        // Keys such as those of the cursor don't begin a line.
        if (isReturn(stroke) || !typed.some(isOfLine)) end();
      }
    },
  };
}
