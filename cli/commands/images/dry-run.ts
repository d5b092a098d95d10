import { resolve } from "node:path";
import { requireStepFiles } from "../../../core/autopilot/install-script.ts";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { withSteps } from "../../../core/image-set/steps-file.ts";
import { readRecording } from "../../../core/install-recorder/cast/read-recording.ts";
import { type DryStep, dryRun, isCompared, isWrong } from "../../../core/install-recorder/script/dry-run.ts";
import type { UnguardedInput } from "../../../core/install-recorder/script/input-guards.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { describeStep } from "../../../shared/recipe/install-step.ts";
import { describeVerdict } from "../../../shared/recorder/recorded-step.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { print, printJson, printNote } from "../../support/print.ts";

interface DryRunOptions {
  /** The path of a file with install steps, in place of the recipe's. */
  readonly steps?: string;
  /** The values that a person has given variables. */
  readonly variable?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/**
 * Performs a recipe's install steps on a recording, and prints a line a step.
 *
 * @returns the exit status: of a failure if a wait is wrong
 */
export async function dryRunSteps(
  folder: string,
  path: string,
  { steps: stepsFile, variable, json }: DryRunOptions,
): Promise<number> {
  const { name, recipe } = withSteps(readImageSet(folder), stepsFile && resolve(stepsFile));
  if (recipe.install.length === 0) throw noSteps(name);
  requireStepFiles(folder, recipe.install);
  const variables = { ...recipe.variables, ...variable };
  const recording = readRecording(path);
  for (const note of recording.notes) printNote(note);
  const steps = await dryRun(recording, {
    console: recipe.console,
    steps: recipe.install,
    variables,
  });
  if (json) for (const step of steps) printJson({ type: "dry-step", ...step, isWrong: isWrong(step) });
  else print(describeSteps(steps));
  return steps.some(isWrong) ? exitStatus.failed : exitStatus.success;
}

function describeSteps(steps: readonly DryStep[]): string {
  const rows = steps.map((one, index) => {
    const { kind, text } = describeStep(one.step);
    return { number: `${index + 1}`, step: `${kind} ${text}`.trim(), result: describeResult(one) };
  });
  const width = Math.max(...rows.map(({ step }) => step.length));
  return rows
    .map(({ number, step, result }) => `${number.padStart(3)}  ${step.padEnd(width)}  ${result}\n`)
    .join("");
}

function describeResult({ step, verdict, at, unguarded }: DryStep): string {
  if (verdict) return describeVerdict(verdict);
  if (!isCompared(step)) return "is not compared";
  const recorded = at === undefined ? "is not in the recording" : `was recorded at ${at.toFixed(1)} s`;
  return unguarded ? `${recorded}; ${describeUnguarded(unguarded)}` : recorded;
}

function describeUnguarded({ after, hasOldWait }: UnguardedInput): string {
  if (after === undefined) return "types at once, without waiting";
  const types = `types right after step ${after}`;
  return hasOldWait ? `${types}: the text that it waits for was there before` : `${types}, without waiting`;
}

function noSteps(name: string): AppError {
  return new AppError({
    code: "usage",
    message: `the recipe of ${name} has no install steps`,
    advice: "Add install to its recipe.yaml.",
  });
}
