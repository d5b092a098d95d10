import type { Judgement } from "../../../core/builder/freshness/judge-image.ts";
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
export function printUpToDate({ path, known, inputs }: Judgement, { json }: OutputOptions): void {
  if (!known) return;
  const { digest, record } = known;
  if (json) printJson({ type: "up-to-date", path, digest, built: record.finished, inputs: inputs.length });
  else print(`${path}: ${describeUpToDate(record.finished, inputs.length, Date.now())}\n`);
}

/** Prints whether an image is up to date, and each input with its digests then and now. */
export function printExplanation({ path, known, inputs, changed }: Judgement, { json }: OutputOptions): void {
  if (json) {
    const isUpToDate = changed.length === 0;
    printJson({ type: "explanation", path, isUpToDate, built: known?.record.finished, inputs });
    return;
  }
  const verdict =
    known && changed.length === 0
      ? describeUpToDate(known.record.finished, inputs.length, Date.now())
      : changed.every(({ change }) => change === "unknown")
        ? `a build finds out: ${describeChanges(changed)}`
        : `stale: ${describeChanges(changed)}`;
  print(`${path}: ${verdict}\n`);
  const width = Math.max(...inputs.map(({ name }) => name.length));
  for (const input of inputs)
    print(`  ${input.name.padEnd(width)}  ${describeDigests(input)}  ${describeChange(input)}\n`);
}

/** Digits of a digest that are shown: enough to tell the inputs of an image apart. */
const shownDigits = 12;

function describeDigests({ before, now, change }: ComparedInput): string {
  const [then, today] = [before, now].map((digest) =>
    (digest ?? "-").slice(0, shownDigits).padEnd(shownDigits),
  );
  return change ? `${then} -> ${today}` : `${then}    ${"".padEnd(shownDigits)}`;
}
