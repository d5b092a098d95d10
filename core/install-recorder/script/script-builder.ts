import type { ConsoleName } from "../../../shared/recipe/install-step.ts";
import type { StepWait, WaitVerdict } from "../../../shared/recorder/recorded-step.ts";
import type { RecordingEntry } from "../cast/recording-entry.ts";
import { type ConsoleTrack, createConsoleTrack, type TrackedMatch } from "./console-track.ts";
import { createActFinder, type PersonAct } from "./find-acts.ts";
import { proposeWaits } from "./propose-waits.ts";

/** An act of a person, with the wait before it, on whichever console. */
export interface ProposedStep {
  readonly act: PersonAct | { readonly kind: "off"; readonly id: string; readonly start: number };
  /** The console with the text that is waited for. */
  readonly console: ConsoleName;
  readonly wait?: StepWait | undefined;
  readonly alternatives: readonly StepWait[];
  readonly verdict?: WaitVerdict | undefined;
  /** The reason why there is no wait. */
  readonly problem?: string | undefined;
  /** Seconds from the input before until the text had come. */
  readonly waited: number;
  /** Whether the virtual machine had been off before: the steps of a recipe have ended then. */
  readonly isAfterOff: boolean;
}

/** The waits that a person has chosen, by the ids of steps; one without a text is for a step that waits for nothing. */
export type ChosenWaits = ReadonlyMap<string, StepWait | undefined>;

/** Proposes steps for a recording while it grows. */
export interface ScriptBuilder extends Disposable {
  /** Takes the next entry, in the order of time. */
  add(entry: RecordingEntry): void;
  /** Ends what was begun to be typed. */
  end(): void;
  /** Settles when the steps are those of all that was taken. It lets other work pass meanwhile. */
  settled(): Promise<readonly ProposedStep[]>;
}

const keptAlternatives = 8;
const typesTooEarly =
  "the same text was shown before, too: there is none that only comes when the guest is ready";
const showsNothing = "the guest showed nothing new before it";

export function createScriptBuilder(chosen: ChosenWaits): ScriptBuilder {
  const tracks: Record<ConsoleName, ConsoleTrack> = {
    serial: createConsoleTrack(),
    screen: createConsoleTrack(),
  };
  let steps: readonly ProposedStep[] = [];
  /** When the last input ended. */
  let from = 0;
  /** When the virtual machine was off for the first time. */
  let off = Number.POSITIVE_INFINITY;
  const acts: ProposedStep["act"][] = [];
  const finder = createActFinder((act) => acts.push(act));
  let working: Promise<unknown> = Promise.resolve();

  const consoleOf = async (act: ProposedStep["act"]): Promise<ConsoleName> => {
    if ("console" in act) return act.console;
    const serial = await tracks.serial.readUntil(act.start);
    return serial.length > 0 || (await tracks.screen.readUntil(act.start)).length === 0 ? "serial" : "screen";
  };
  const perform = async (act: ProposedStep["act"]) => {
    const isAfterOff = act.start > off;
    if (act.kind === "off") {
      const step = {
        act,
        console: "serial",
        alternatives: [],
        waited: act.start - from,
        isAfterOff,
      } as const;
      steps = [...steps, step];
      return;
    }
    const console = await consoleOf(act);
    const track = tracks[console];
    const lines = await track.readUntil(act.start);
    const isChosen = chosen.has(act.id);
    const wanted = chosen.get(act.id);
    const proposed = proposeWaits(lines);
    const waits = wanted === undefined ? proposed : [wanted, ...proposed];
    const matches = await track.tryEach(waits, { from, until: act.start });
    const fit = waits.filter((_, index) => matches[index] && !matches[index].isEarly);
    const wait = isChosen ? wanted : fit[0];
    const match = wait === undefined ? undefined : matches[waits.indexOf(wait)];
    const waited = wait !== undefined && match ? [wait] : [];
    await track.waitFor(waited, { from, until: act.start });
    await track.input(lineOfAct(act), act.end);
    const step: ProposedStep = {
      ...{ act, console, wait, isAfterOff },
      alternatives: fit.filter((one) => one !== wait).slice(0, keptAlternatives),
      verdict: wait === undefined ? undefined : verdictOf(match),
      problem:
        wait === undefined && !isChosen ? (lines.length > 0 ? typesTooEarly : showsNothing) : undefined,
      waited: match ? match.at - from : 0,
    };
    from = act.end;
    const last = steps.at(-1);
    const merged = last && wait === undefined && !isChosen ? merge(last, step) : undefined;
    steps = merged ? [...steps.slice(0, -1), merged] : [...steps, step];
  };
  const work = async () => {
    for (let act = acts.shift(); act; act = acts.shift()) await perform(act);
    return steps;
  };
  return {
    add: (entry) => {
      if (entry.kind === "output") tracks.serial.add(entry);
      else if (entry.kind === "screen") tracks.screen.add(entry);
      finder.add(entry);
      if (entry.kind === "off" && entry.isPowerOff)
        acts.push({ kind: "off", id: `off@${entry.time.toFixed(6)}`, start: entry.time });
      if (entry.kind === "off") off = Math.min(off, entry.time);
    },
    end: finder.end,
    settled: () => {
      const done = working.then(work);
      working = done.catch(() => {});
      return done;
    },
    [Symbol.dispose]: () => {
      for (const track of Object.values(tracks)) track[Symbol.dispose]();
    },
  };
}

/** The line that is typed, as far as it is known. */
export function lineOfAct(act: PersonAct): string | undefined {
  return act.kind === "line" ? act.line : act.kind === "hidden" ? "" : undefined;
}

function verdictOf(match: TrackedMatch | undefined): WaitVerdict {
  if (!match) return { kind: "never" };
  return { kind: match.isEarly ? "early" : "ok", at: match.at };
}

/** Keys that were pressed one after another, without a new text between them, are one step. */
function merge(before: ProposedStep, step: ProposedStep): ProposedStep | undefined {
  const [one, next] = [before.act, step.act];
  if (one.kind !== "strokes" || next.kind !== "strokes" || one.console !== next.console) return undefined;
  if (before.isAfterOff !== step.isAfterOff) return undefined;
  return { ...before, act: { ...one, end: next.end, strokes: [...one.strokes, ...next.strokes] } };
}
