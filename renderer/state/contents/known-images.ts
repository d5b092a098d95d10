import type { ArchiveSummary, Library } from "../../../shared/library/library.ts";
import { fileName } from "../files/file-name.ts";

/** An archive that the library lists. */
export interface KnownImage {
  readonly path: string;
  /** For people: `Worker image of microcore`. */
  readonly title: string;
  /** Of the file, in milliseconds since 1970. */
  readonly modified: number;
}

/** The archives of a library that can be looked into, but for one. */
export function knownImages(library: Library | undefined, except?: string): readonly KnownImage[] {
  const sets = library?.sets ?? [];
  const known = [
    ...sets.flatMap(({ name, worker, setup }) => [
      ...describe(worker.archive, `Worker image of ${name}`),
      ...describe(setup.archive, `Setup image of ${name}`),
    ]),
    ...(library?.archives ?? []).flatMap((archive) => describe(archive, fileName(archive.path))),
  ];
  return known.filter(({ path }) => path !== except);
}

/**
 * Two images in the order in which they are compared: the older one first. If the library does not know both, the image that a person
 * has looked at is taken for the newer one.
 */
export function olderFirst(
  library: Library | undefined,
  looked: string,
  other: string,
): readonly [first: string, second: string] {
  const known = knownImages(library);
  const timeOf = (image: string) => known.find(({ path }) => path === image)?.modified;
  const [lookedTime, otherTime] = [timeOf(looked), timeOf(other)];
  const isOlder = lookedTime !== undefined && otherTime !== undefined && lookedTime < otherTime;
  return isOlder ? [looked, other] : [other, looked];
}

function describe(archive: ArchiveSummary | undefined, title: string): readonly KnownImage[] {
  if (!archive || archive.problem) return [];
  const { path, modified } = archive;
  return [{ path, title, modified }];
}
