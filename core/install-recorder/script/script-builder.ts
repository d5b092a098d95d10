import type { ConsoleName } from "../../../shared/recipe/install-step.ts";
import type { StepWait, WaitVerdict } from "../../../shared/recorder/recorded-step.ts";
import type { RecordingEntry } from "../cast/recording-entry.ts";
import { chooseWaits } from "./choose-waits.ts";
import { type ConsoleTrack, createConsoleTrack, type TrackedMatch } from "./console-track.ts";
import { createActFinder, type PersonAct } from "./find-acts.ts";

/** A text that is waited for. */
export interface ProposedWait {
  readonly wait: StepWait;
  /** The console with the text. */
  readonly console: ConsoleName;
  /** Seconds that it took to come, from the input or the text before. */
  readonly waited: number;
}

/** An act of a person, with the waits before it, on whichever consoles. */
export interface ProposedStep {
  readonly act: PersonAct | { readonly kind: "off"; readonly id: string; readonly start: number };
  /** In their order. */
  readonly waits: readonly ProposedWait[];
  /** The last one, which a person can change. */
  readonly wait?: StepWait | undefined;
  readonly alternatives: readonly StepWait[];
  /** Of the last wait. */
  readonly verdict?: WaitVerdict | undefined;
  /** The reason why there is no wait, or why it holds back nothing. */
  readonly problem?: string | undefined;
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

const typesTooEarly =
  "the same text was shown before, too: there is none that only comes when the guest is ready";
const showsNothing = "the guest showed nothing new before it";
const wasThere =
  "the text that it waits for was there before the last input, too, and nothing new came since";

interface WaitOptions {
  readonly since: number;
  /** There if a person has chosen: a text, or that the step waits for nothing. */
  readonly wanted: { readonly wait: StepWait | undefined } | undefined;
}

export function createScriptBuilder(chosen: ChosenWaits): ScriptBuilder {
  const tracks: Record<ConsoleName, ConsoleTrack> = {
    serial: createConsoleTrack(),
    screen: createConsoleTrack(),
  };
  let steps: readonly ProposedStep[] = [];
  /** The console on which the last keys were pressed. */
  let typedOn: ConsoleName | undefined;
  /** When the last input ended. */
  let from = 0;
  /** When the virtual machine was off for the first time. */
  let off = Number.POSITIVE_INFINITY;
  const acts: ProposedStep["act"][] = [];
  const finder = createActFinder((act) => acts.push(act));
  let working: Promise<unknown> = Promise.resolve();

  const consoleOf = async (act: PersonAct): Promise<ConsoleName> => {
    if ("console" in act) return act.console;
    const serial = await tracks.serial.readUntil(act.start);
    const screen = await tracks.screen.readUntil(act.start);
    // A person looks at the console on which they type.
    if (typedOn !== undefined && (typedOn === "serial" ? serial : screen).length > 0) return typedOn;
    return serial.length > 0 || screen.length === 0 ? "serial" : "screen";
  };
  /** Waits on a console as proposed, or as a person has chosen. @param since when the input or the text before had come */
  const waitOn = async (console: ConsoleName, act: PersonAct, { since, wanted }: WaitOptions) => {
    const window = { from: since, until: act.start };
    const choice = await chooseWaits(tracks[console], window, wanted?.wait);
    const chosen = wanted && wanted.wait === undefined ? [] : choice.waits;
    const matches = await tracks[console].waitFor(chosen, window);
    const times = [since, ...matches.map((match) => match?.at ?? since)];
    const waits = chosen.map((wait, index): ProposedWait => {
      return { wait, console, waited: (times[index + 1] ?? since) - (times[index] ?? since) };
    });
    return { ...choice, waits, match: matches.at(-1), until: times.at(-1) ?? since };
  };
  /** A person who goes to the other console has read the one that they leave. */
  const leave = async (act: PersonAct) => {
    if (!("console" in act) || typedOn === undefined || typedOn === act.console) return undefined;
    const wanted = chosen.has(act.id) && chosen.get(act.id) === undefined ? { wait: undefined } : undefined;
    const left = await waitOn(typedOn, act, { since: from, wanted });
    await tracks[typedOn].input(undefined, act.start);
    return left;
  };
  const perform = async (act: ProposedStep["act"]) => {
    const isAfterOff = act.start > off;
    if (act.kind === "off") {
      steps = [...steps, { act, waits: [], alternatives: [], isAfterOff }];
      return;
    }
    const left = await leave(act);
    const console = await consoleOf(act);
    const wanted = chosen.has(act.id) ? { wait: chosen.get(act.id) } : undefined;
    const own = await waitOn(console, act, { since: left?.until ?? from, wanted });
    await tracks[console].input(lineOfAct(act), act.end);
    const waits = [...(left?.waits ?? []), ...own.waits];
    const isOld = left?.waits.length === 0 && own.match?.at === from;
    const missing = own.hasNew ? typesTooEarly : showsNothing;
    const step: ProposedStep = {
      ...{ act, waits, isAfterOff, alternatives: own.alternatives },
      wait: own.waits.at(-1)?.wait,
      verdict: own.waits.length > 0 ? verdictOf(own.match) : undefined,
      problem: wanted ? undefined : isOld ? wasThere : waits.length === 0 ? missing : undefined,
    };
    from = act.end;
    if ("console" in act) typedOn = act.console;
    const last = steps.at(-1);
    const merged = last && waits.length === 0 && !wanted ? merge(last, step) : undefined;
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
