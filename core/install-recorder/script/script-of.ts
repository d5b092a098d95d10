import { isAbsolute } from "node:path";
import { limits } from "../../../shared/limits.ts";
import type { ConsoleName, InstallStep } from "../../../shared/recipe/install-step.ts";
import { namedKeys } from "../../../shared/recipe/step-keys.ts";
import type { RecordedScript, RecordedStep, RecordingEdit } from "../../../shared/recorder/recorded-step.ts";
import type { Recording } from "../cast/recording.ts";
import type { RecordingEntry } from "../cast/recording-entry.ts";
import type { PersonAct } from "./find-acts.ts";
import { pressesOf } from "./presses-of-text.ts";
import {
  type ChosenWaits,
  createScriptBuilder,
  type ProposedStep,
  type ProposedWait,
} from "./script-builder.ts";
import { type Stroke, stepsOfStrokes } from "./strokes.ts";

/** Seconds that a wait without a timeout takes at most. */
const usualTimeout = 120;
/** Another host may be slower by so much than the one on which it was recorded. */
const timeoutFactor = 5;
const roundedTo = 30;

/**
 * The steps that do what a person did in a recording, each with a wait for a text that only comes when the guest is ready for it.
 *
 * @param edits a person's changes, beside those in the recording
 */
export async function scriptOf(
  { entries }: Recording,
  edits: readonly RecordingEdit[] = [],
): Promise<RecordedScript> {
  const allEdits = [...editsOf(entries), ...edits];
  using builder = createScriptBuilder(chosenWaits(allEdits));
  for (const entry of entries) builder.add(entry);
  builder.end();
  return presentScript(await builder.settled(), allEdits, shownLines(entries));
}

export function editsOf(entries: readonly RecordingEntry[]): readonly RecordingEdit[] {
  return entries.flatMap((entry) => (entry.kind === "edit" ? [entry.edit] : []));
}

/** The hidden lines that are not secrets, by their names. */
export function shownLines(entries: readonly RecordingEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.flatMap((entry) => (entry.kind === "shown" ? [[entry.name, entry.line]] : [])));
}

export function chosenWaits(edits: readonly RecordingEdit[]): ChosenWaits {
  return new Map(edits.flatMap((edit) => (edit.kind === "wait" ? [[edit.step, edit.wait] as const] : [])));
}

/** The script, as recipes and people have it. */
export function presentScript(
  proposed: readonly ProposedStep[],
  edits: readonly RecordingEdit[],
  shown: ReadonlyMap<string, string>,
): RecordedScript {
  const console = mainConsole(proposed);
  return { console, steps: proposed.map((step) => presentStep(step, { console, edits, shown })) };
}

function mainConsole(steps: readonly ProposedStep[]): ConsoleName {
  const weight = (name: ConsoleName) =>
    steps.reduce((sum, { act }) => {
      if (!("console" in act) || act.console !== name) return sum;
      // A line can't be typed on the other console; keys can.
      return sum + (act.kind === "strokes" ? 1 : 1000);
    }, 0);
  return weight("screen") > weight("serial") ? "screen" : "serial";
}

interface Presentation {
  readonly console: ConsoleName;
  readonly edits: readonly RecordingEdit[];
  readonly shown: ReadonlyMap<string, string>;
}

function presentStep(step: ProposedStep, { console, edits, shown }: Presentation): RecordedStep {
  const { act, wait, alternatives, verdict } = step;
  const { id, start: at } = act;
  if (act.kind === "off")
    return { id, at, epoch: 0, steps: [{ wait: "power-off" }], alternatives: [], ...afterOff(step) };
  const own = edits.filter((edit) => edit.step === id);
  const named = own.findLast((edit) => edit.kind === "secret" || edit.kind === "no-secret");
  const isShown = act.kind === "hidden" && shown.has(act.name);
  const secret =
    named?.kind === "secret" ? named.name : act.kind === "hidden" && !isShown ? act.name : undefined;
  const line =
    act.kind === "line" ? act.line : act.kind === "hidden" ? (shown.get(act.name) ?? "") : undefined;
  const input = inputSteps(act, { console, secret, line });
  const removal = own.findLast(({ kind }) => kind === "remove" || kind === "keep");
  const waits = step.waits.map((one) => waitStep(one, console));
  const problem = waits.includes(undefined) ? noWaitOnSerial : (input.problem ?? step.problem);
  return {
    ...{ id, console: "console" in act ? act.console : undefined, at, epoch: act.epoch },
    ...{ steps: [...waits.flatMap((one) => one ?? []), ...input.steps], wait, alternatives, verdict, secret },
    hidden: act.kind === "hidden" && !isShown ? act.name : undefined,
    checkpoint: act.checkpoint,
    isRemoved: removal?.kind === "remove" || undefined,
    ...{ problem },
    ...afterOff(step),
  };
}

const clickIsBlind =
  "a click waits for no text: cut out a picture of its place, and wait for that with region";
const noWaitOnSerial = "a recipe whose console is the screen can't wait for a text on the serial console";

function afterOff({ isAfterOff }: ProposedStep): Pick<RecordedStep, "problem"> {
  return isAfterOff
    ? { problem: "the virtual machine was off before it: the steps of a recipe have ended then" }
    : {};
}

function waitStep(
  { wait, console: shownOn, waited }: ProposedWait,
  console: ConsoleName,
): InstallStep | undefined {
  const seconds = Math.ceil((waited * timeoutFactor) / roundedTo) * roundedTo;
  const timeout = seconds > usualTimeout ? { timeout: Math.min(seconds, limits.timeout) } : {};
  if (shownOn === console) return { wait, ...timeout };
  return shownOn === "screen" ? { screen: wait, ...timeout } : undefined;
}

const cdIsUploaded =
  "no recipe finds the files of this CD: put them into a folder of the image set, and insert that";

function insertSteps(path: string): PresentedInput {
  // The names of files that a browser has uploaded, or several files, that a data CD was made of.
  const isOne = isAbsolute(path) && !path.includes(", /");
  return { steps: [{ insert: path }], ...(!isOne && { problem: cdIsUploaded }) };
}

interface PresentedInput {
  readonly steps: readonly InstallStep[];
  readonly problem?: string;
}

interface TypedLine {
  readonly console: ConsoleName;
  readonly secret: string | undefined;
  readonly line: string | undefined;
}

function inputSteps(act: PersonAct, { console, secret, line }: TypedLine): PresentedInput {
  if (act.kind === "machine") {
    const { input } = act;
    if (input.act === "click") return { steps: [{ click: [input.x, input.y] }], problem: clickIsBlind };
    if (input.act === "insert") return insertSteps(input.path);
    return { steps: [input.act === "eject" ? { eject: true } : { reset: true }] };
  }
  if (act.console === console) {
    if (secret !== undefined) return { steps: [{ type: [{ secret }] }] };
    if (act.kind === "strokes") return { steps: stepsOfStrokes(act.strokes) };
    return { steps: [{ type: line ?? "" }] };
  }
  if (act.console === "serial")
    return { steps: [], problem: "a recipe whose console is the screen can't type on the serial console" };
  if (secret !== undefined)
    return { steps: [], problem: "a recipe types secrets only on its console, which is the serial one" };
  const strokes: readonly Stroke[] =
    act.kind === "strokes" ? act.strokes : [...[...(line ?? "")].map((text) => ({ text })), { key: "ret" }];
  const presses = strokes.map(pressOf);
  if (presses.some((press) => press === undefined))
    return { steps: [], problem: "a key for one of its characters is not known: press it with press" };
  return { steps: presses.flatMap((press) => (press ? [{ press: [...press] }] : [])) };
}

function pressOf(stroke: Stroke): readonly string[] | undefined {
  if ("chord" in stroke) return stroke.chord;
  if ("text" in stroke) return pressesOf(stroke.text);
  const key = namedKeys[stroke.key];
  return key && [key.qemu];
}
