import { basename } from "node:path";
import type { BuildInput, ComparedInput, InputChange } from "../../../shared/library/library.ts";

/** They stand for the digests of inputs that have none. No input of another build is the same as one of these. */
export const noDigest = {
  missing: "missing",
  unreadable: "unreadable",
  /** It changed while it was used. */
  changed: "changed",
  /** The disk in a CD drive. */
  unknown: "unknown",
} as const;

const reasons: Readonly<Record<string, InputChange>> = {
  [noDigest.missing]: "missing",
  [noDigest.unreadable]: "unreadable",
  [noDigest.unknown]: "unknown",
};

/** Compares the inputs of a build with those that there are now; those that are gone are last. */
export function compareInputs(
  before: readonly BuildInput[],
  now: readonly BuildInput[],
): readonly ComparedInput[] {
  const earlier = new Map(before.map((input) => [inputKey(input), input.digest]));
  const keys = new Set(now.map(inputKey));
  // Earlier versions of Tinsmith recorded neither the programs nor the digests of large files.
  const isEarlier = before.length > 0 && !before.some(({ kind }) => kind === "tool");
  return [
    ...now.map((input): ComparedInput => {
      const digest = earlier.get(inputKey(input));
      return compared(input, digest, input.digest, isEarlier ? "not-recorded" : "new");
    }),
    ...before
      .filter((input) => !keys.has(inputKey(input)))
      .map((input): ComparedInput => compared(input, input.digest, undefined)),
  ];
}

function compared(
  { kind, name }: BuildInput,
  before: string | undefined,
  now: string | undefined,
  whyNew: InputChange = "new",
): ComparedInput {
  const change = changeOf(before, now, whyNew);
  return {
    ...{ kind, name },
    ...(before !== undefined && { before }),
    ...(now !== undefined && { now }),
    ...(change && { change }),
  };
}

function changeOf(
  before: string | undefined,
  now: string | undefined,
  whyNew: InputChange,
): InputChange | undefined {
  if (now === undefined) return "gone";
  if (reasons[now]) return reasons[now];
  if (before === undefined) return whyNew;
  if (before === noDigest.changed) return "changed-during-build";
  return before === now ? undefined : "changed";
}

/** Names the inputs that were others when an image was built. */
export function changedInputs(before: readonly BuildInput[], now: readonly BuildInput[]): readonly string[] {
  return compareInputs(before, now).flatMap(({ name, change }) => (change ? [name] : []));
}

/**
 * Identifies an input among those of one image. A file on the data CD is identified by its name there, since earlier
 * versions recorded no more of its path; the path is part of the recipe.
 */
export function inputKey({ kind, name }: Pick<BuildInput, "kind" | "name">): string {
  return `${kind} ${kind === "cd-file" ? basename(name) : name}`;
}
