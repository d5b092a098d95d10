import type { ConsoleName, InstallStep } from "../../../shared/recipe/install-step.ts";
import { namedKeys, partsOfKeys } from "../../../shared/recipe/step-keys.ts";
import { partsOfTyped } from "../../../shared/recipe/typed-text.ts";
import type { PersonAct } from "./find-acts.ts";
import { pressesOf } from "./presses-of-text.ts";
import type { Stroke } from "./strokes.ts";

/** The steps of an installation, as far as a recording can be compared with them. */
export interface ComparedScript {
  readonly console: ConsoleName;
  readonly steps: readonly InstallStep[];
  /** The values of the recipe's variables, by name. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** The act of a recording that a step does, and when it was done. */
export interface AlignedAct {
  readonly act?: PersonAct | undefined;
  /** Whether the whole step is in the recording. */
  readonly isSame: boolean;
  readonly start: number;
  readonly end: number;
}

/** A key or another input, in a form that can be compared; a secret is like any line that was hidden. */
interface Unit {
  readonly form: string;
  /** The index of its step or act. */
  readonly of: number;
}

/** More would take seconds and a lot of memory: then units are compared in their order only. */
const maximumProduct = 4_000_000;

/** Finds the act of a recording for each step of a script, by the longest sequence of inputs that both have. */
export function alignActs(
  acts: readonly PersonAct[],
  { console, steps, variables = {} }: ComparedScript,
): readonly (AlignedAct | undefined)[] {
  const recorded = acts.flatMap((act, of) => formsOfAct(act).map((form): Unit => ({ form, of })));
  const wanted = steps.flatMap((step, of) =>
    formsOfStep(step, console, variables).map((form): Unit => ({ form, of })),
  );
  const actsOf = new Map<number, PersonAct[]>();
  const missing = wanted.map(({ of }) => of);
  for (const [step, act] of longestCommon(wanted, recorded)) {
    missing.splice(missing.indexOf(step), 1);
    const found = acts[act];
    if (!found || actsOf.get(step)?.includes(found)) continue;
    actsOf.set(step, [...(actsOf.get(step) ?? []), found]);
  }
  return steps.map((_, index) => {
    const [first, ...others] = actsOf.get(index) ?? [];
    if (first)
      return {
        act: first,
        isSame: !missing.includes(index),
        start: first.start,
        end: others.at(-1)?.end ?? first.end,
      };
    // It is not in the recording: it is done when the next one is that is there.
    const next = steps.findIndex((_, later) => later > index && actsOf.has(later));
    const start = actsOf.get(next)?.[0]?.start;
    return start === undefined ? undefined : { isSame: false, start, end: start };
  });
}

function formsOfAct(act: PersonAct): readonly string[] {
  if (act.kind === "machine") return [act.input.act];
  const forms = (strokes: readonly Stroke[]) => strokes.map((stroke) => formOf(act.console, stroke));
  if (act.kind === "strokes") return forms(act.strokes);
  const line = act.kind === "hidden" ? [`${act.console} secret`] : forms(charactersOf(act.line));
  return [...line, ...forms([{ key: "ret" }])];
}

function formsOfStep(
  step: InstallStep,
  console: ConsoleName,
  variables: Readonly<Record<string, string>>,
): readonly string[] {
  const forms = (strokes: readonly Stroke[]) => strokes.map((stroke) => formOf(console, stroke));
  if (step.type !== undefined) {
    const typed = partsOfTyped(step.type).flatMap((part) => {
      if (typeof part === "string") return forms(charactersOf(part));
      return "secret" in part ? [`${console} secret`] : forms(charactersOf(variables[part.variable] ?? ""));
    });
    return [...typed, ...forms([{ key: "ret" }])];
  }
  if (step.keys !== undefined)
    return partsOfKeys(step.keys).flatMap((part) => forms("text" in part ? charactersOf(part.text) : [part]));
  if (step.press !== undefined) return [formOf("screen", { chord: step.press })];
  if (step.insert !== undefined) return ["insert"];
  if (step.eject) return ["eject"];
  if (step.click !== undefined) return ["click"];
  return step.reset ? ["reset"] : [];
}

function charactersOf(text: string): readonly Stroke[] {
  return [...text].map((character) => ({ text: character }));
}

function formOf(console: ConsoleName, stroke: Stroke): string {
  if ("chord" in stroke) return `${console} <${stroke.chord.join("+")}>`;
  if ("key" in stroke) return `${console} <${namedKeys[stroke.key]?.qemu ?? stroke.key}>`;
  const presses = console === "screen" ? pressesOf(stroke.text) : undefined;
  return `${console} ${presses ? `<${presses.join("+")}>` : stroke.text}`;
}

/** The pairs of indices of steps and acts whose units are in the longest common sequence. */
function longestCommon(
  wanted: readonly Unit[],
  recorded: readonly Unit[],
): readonly (readonly [step: number, act: number])[] {
  if (wanted.length * recorded.length > maximumProduct) return inOrder(wanted, recorded);
  const width = recorded.length + 1;
  const lengths = new Uint16Array((wanted.length + 1) * width);
  const lengthAt = (one: number, other: number) => lengths[one * width + other] ?? 0;
  for (let one = wanted.length - 1; one >= 0; one -= 1)
    for (let other = recorded.length - 1; other >= 0; other -= 1)
      lengths[one * width + other] =
        wanted[one]?.form === recorded[other]?.form
          ? lengthAt(one + 1, other + 1) + 1
          : Math.max(lengthAt(one + 1, other), lengthAt(one, other + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let [one, other] = [0, 0]; one < wanted.length && other < recorded.length; ) {
    const [step, act] = [wanted[one], recorded[other]];
    if (step && act && step.form === act.form) {
      pairs.push([step.of, act.of]);
      one += 1;
      other += 1;
    } else if (lengthAt(one + 1, other) >= lengthAt(one, other + 1)) one += 1;
    else other += 1;
  }
  return pairs;
}

function inOrder(
  wanted: readonly Unit[],
  recorded: readonly Unit[],
): readonly (readonly [step: number, act: number])[] {
  let next = 0;
  return wanted.flatMap(({ form, of }) => {
    const found = recorded.findIndex((unit, index) => index >= next && unit.form === form);
    if (found < 0) return [];
    next = found + 1;
    return [[of, recorded[found]?.of ?? 0] as const];
  });
}
