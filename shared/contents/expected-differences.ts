import type { MetadataKey } from "./entry.ts";

/** A difference that two builds of an image from the same inputs may have. */
interface ExpectedDifference {
  /** Of the file, from the top of the image. */
  readonly path: RegExp;
  /** The only metadata that may differ; without it, the file may have another content, or be in one image only. */
  readonly metadata?: MetadataKey;
  /** For people. `docs/rebuild.md` has it, too. */
  readonly reason: string;
}

/** All that may differ. Each other difference between two builds from the same is a fault of a recipe, a guest or Tinsmith. */
export const expectedDifferences: readonly ExpectedDifference[] = [
  { path: /\/random-?seed$/, reason: "random bytes for the next boot" },
  { path: /\/var\/log\//, reason: "the guest's logs, with their times" },
  { path: /^/, metadata: "modified", reason: "the time of the build, by the guest's clock" },
];

/** The reason why two builds from the same may differ at a path; undefined if they may not. @param metadata undefined if more differs */
export function reasonToDiffer(
  path: string,
  metadata: readonly MetadataKey[] | undefined,
): string | undefined {
  const isOnly = (key: MetadataKey) => metadata?.every((one) => one === key) ?? false;
  return expectedDifferences.find(
    (expected) => expected.path.test(path) && (expected.metadata === undefined || isOnly(expected.metadata)),
  )?.reason;
}
