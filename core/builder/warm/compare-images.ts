import { join } from "node:path";
import type { OnNote } from "../../../shared/session/note.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { openImage } from "../../image/archive/open-image.ts";
import type { Paths } from "../../storage/paths.ts";
import { readDiskFiles } from "./disk-files.ts";

/** A file that two images have not in the same way. */
export interface FileDifference {
  /** Its path; behind `!`, in an archive. */
  readonly path: string;
  readonly what: "is only in the first image" | "is only in the second image" | "differs";
  /** The reason why it may differ between two builds from the same, if it may. */
  readonly reason?: string;
}

/** Files that differ whenever a guest has run: of two cold builds, too. */
const expected: readonly (readonly [path: RegExp, reason: string])[] = [
  [/(^|[/!])random-?seed$/, "random bytes for the next boot"],
  [/[/!]var\/log\//, "the guest's logs, with their times"],
  [/[/!](\.ash_history|\.bash_history)$/, "what was typed"],
];

interface CompareContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: OnNote;
}

/**
 * Compares the files of two images, without their times.
 *
 * @throws AppError as `openImage` and `readDiskFiles` do
 */
export async function compareImages(
  first: string,
  second: string,
  { paths, signal, onNote }: CompareContext,
): Promise<readonly FileDifference[]> {
  using folder = createTemporaryFolder("compare", "the comparison of two images");
  const read = async (archive: string, name: string) => {
    const own = join(folder.path, name);
    using image = await openImage(paths, { archive, ownFolder: join(own, "image"), signal, onNote });
    return await readDiskFiles(join(image.folder, "disk.img"), join(own, "files"), signal);
  };
  return differences(await read(first, "first"), await read(second, "second"));
}

/** @param first the description of each file by its path */
export function differences(
  first: ReadonlyMap<string, string>,
  second: ReadonlyMap<string, string>,
): readonly FileDifference[] {
  return [...new Set([...first.keys(), ...second.keys()])].sort().flatMap((path) => {
    const [one, other] = [first.get(path), second.get(path)];
    if (one === other) return [];
    const reason = expected.find(([pattern]) => pattern.test(path))?.[1];
    const where = one === undefined ? "second" : "first";
    const what =
      one !== undefined && other !== undefined ? "differs" : (`is only in the ${where} image` as const);
    return [{ path, what, ...(reason !== undefined && { reason }) }];
  });
}
