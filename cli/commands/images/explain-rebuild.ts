import type { Judgement } from "../../../core/builder/freshness/judge-image.ts";
import { upToDateOf } from "../../../core/builder/freshness/judge-rebuild.ts";
import {
  describeChange,
  describeChanges,
  describeUpToDate,
} from "../../../shared/library/describe-changes.ts";
import type { ComparedInput } from "../../../shared/library/library.ts";
import { print, printJson } from "../../support/print.ts";

interface OutputOptions {
  /** Prints an event in place of text. */
  readonly json?: boolean;
}

/** Prints that an image is up to date, so that nothing is built. */
export function printUpToDate(judgement: Judgement, { json }: OutputOptions): void {
  const { path, known } = judgement;
  if (json) printJson({ type: "up-to-date", path, digest: known?.digest, ...upToDateOf(judgement) });
  else print(`${path}: ${describeVerdict(judgement)}\n`);
}

/** Prints whether an image is up to date, and each input with its digests then and now. */
export function printExplanation(judgement: Judgement, { json }: OutputOptions): void {
  const { path, known, inputs } = judgement;
  if (json) {
    const isUpToDate = upToDateOf(judgement) !== undefined;
    printJson({ type: "explanation", path, isUpToDate, built: known?.record.finished, inputs });
    return;
  }
  print(`${path}: ${describeVerdict(judgement)}\n`);
  const width = Math.max(...inputs.map(({ name }) => name.length));
  for (const input of inputs)
    print(`  ${input.name.padEnd(width)}  ${describeDigests(input)}  ${describeChange(input)}\n`);
}

function describeVerdict(judgement: Judgement): string {
  const upToDate = upToDateOf(judgement);
  if (upToDate) return describeUpToDate(upToDate, Date.now());
  const { changed } = judgement;
  const isUnknown = changed.every(({ change }) => change === "unknown");
  return `${isUnknown ? "perhaps up to date" : "stale"}: ${describeChanges(changed)}`;
}

/** Digits of a digest that are shown: enough to tell the inputs of an image apart. */
const shownDigits = 12;

function describeDigests({ before, now, change }: ComparedInput): string {
  const shown = (digest = "-") => digest.slice(0, shownDigits).padEnd(shownDigits);
  const today = change ? ` -> ${shown(now)}` : " ".repeat(shownDigits + 4);
  return `${shown(before)}${today}`;
}
