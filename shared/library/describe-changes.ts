import type { UpToDateArchive } from "../session/build.ts";
import { formatAge, formatCount } from "../text/format.ts";
import type { ComparedInput, InputChange } from "./library.ts";

const words: Readonly<Record<InputChange, string>> = {
  changed: "changed",
  new: "was added",
  gone: "was removed",
  missing: "is missing",
  unreadable: "can't be read",
  "not-recorded": "was not recorded by an earlier version of Tinsmith",
  "changed-during-build": "changed while the image was built",
  unknown: "can't be known before a build",
  "not-built-here": "was not built here",
  "newer-record": "has a build record of a newer Tinsmith",
  "damaged-record": "has a damaged build record",
};

const wordsForMany: Partial<Readonly<Record<InputChange, string>>> = {
  new: "were added",
  gone: "were removed",
  missing: "are missing",
  "not-recorded": "were not recorded by an earlier version of Tinsmith",
};

/** Says what became of one input: `changed`, `is missing`. */
export function describeChange({ kind, change }: ComparedInput): string {
  if (change === undefined) return "same";
  return kind === "archive" && change === "changed" ? "is not the one that was built" : words[change];
}

/** Says why an image is stale: `setup.sh, worker.sh changed; notes.txt is missing`. */
export function describeChanges(changed: readonly ComparedInput[]): string {
  const said = new Map<string, ComparedInput[]>();
  for (const input of changed) {
    const what = describeChange(input);
    said.set(what, [...(said.get(what) ?? []), input]);
  }
  const texts = [...said].map(([what, inputs]) => {
    const names = inputs.map(({ kind, name }) => (kind === "archive" ? `the ${name}` : name)).join(", ");
    const many = inputs.length > 1 ? wordsForMany[inputs[0]?.change ?? "changed"] : undefined;
    return `${names} ${many ?? what}`;
  });
  return texts.join("; ");
}

/** Says that an image is up to date: `up to date: built 3 h ago from the same 7 inputs`. */
export function describeUpToDate({ built, inputs }: UpToDateArchive, now: number): string {
  const same = inputs === 1 ? "input" : formatCount(inputs, "input");
  return `up to date: built ${formatAge(now - built)} from the same ${same}`;
}
