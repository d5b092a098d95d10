import { AppError } from "../../../shared/errors/errors.ts";
import { nearestName } from "../../../shared/text/nearest-name.ts";
import type { Contents, Place } from "./contents.ts";
import { parseRawName, showRawName } from "./raw-name.ts";
import { requireTime } from "./work-limit.ts";

/** Symbolic links on the way of one path, as many as Linux follows. */
const maxLinks = 40;
/** Names of a folder among which a mistyped one is looked for. */
const maxSuggested = 10_000;
const parent = Buffer.from("..");
const slash = "/".charCodeAt(0);

interface PathContext extends Pick<Contents, "list"> {
  /** For errors. */
  readonly image: string;
  /** Whether a symbolic link at the end of the path is followed, too: those on the way are. */
  readonly followsLast: boolean;
}

/** The names in a path that a person typed; those of folders above the top are left out. */
export function namesIn(path: string): readonly Buffer[] {
  const names = path.split("/").filter(isName).map(parseRawName);
  const first = names.findIndex((name) => !name.equals(parent));
  return first < 0 ? [] : names.slice(first);
}

function isName(part: string): boolean {
  return part !== "" && part !== ".";
}

/**
 * Follows names and symbolic links from a place, as an operating system does. A link stays in its file system: an absolute one begins at
 * the root of that, and its `..` does not lead out of it.
 *
 * @throws AppError `missing-file`; `usage` for more than 40 links
 */
export async function followPath(
  from: Place,
  names: readonly Buffer[],
  { image, list, followsLast }: PathContext,
): Promise<Place> {
  let links = 0;
  /** @param trail places, each in the one before @param above how many of them `..` does not leave */
  const follow = async (
    trail: readonly Place[],
    names: readonly Buffer[],
    { above, followsLast }: { readonly above: number; readonly followsLast: boolean },
  ): Promise<readonly Place[]> => {
    let current = trail;
    for (const [index, name] of names.entries()) {
      if (name.equals(parent)) {
        current = current.slice(0, Math.max(above, current.length - 1));
        continue;
      }
      const next = await findEntry(current.at(-1) as Place, name);
      const isFollowed = followsLast || index < names.length - 1;
      current =
        isFollowed && next.entry.kind === "symlink" ? await followLink(current, next) : [...current, next];
    }
    return current;
  };
  const followLink = async (trail: readonly Place[], link: Place): Promise<readonly Place[]> => {
    if (++links > maxLinks) throw tooManyLinks(image, link);
    const inside = trail.findIndex(({ system }) => system === link.system);
    const root = trail.slice(0, inside < 0 ? trail.length : Math.max(1, inside));
    const target = link.entry.target ?? Buffer.alloc(0);
    const start = target[0] === slash ? root : trail;
    return await follow(start, namesInTarget(target), { above: root.length, followsLast: true }).catch(
      (error) => {
        throw error instanceof AppError && error.code === "missing-file" ? brokenLink(link, error) : error;
      },
    );
  };
  const findEntry = async (folder: Place, name: Buffer): Promise<Place> => {
    // A link may have millions of names.
    requireTime();
    const seen: string[] = [];
    let found: Place | undefined;
    for await (const place of list(folder)) {
      if (place.entry.name.equals(name)) return place;
      // FAT ignores case. An entry of just that name comes first.
      if (place.system.answersTo?.(place.entry, name)) found ??= place;
      else if (seen.length < maxSuggested) seen.push(showRawName(place.entry.name));
    }
    if (found) return found;
    throw noEntry(image, folder.path, showRawName(name), seen);
  };
  return (await follow([from], names, { above: 1, followsLast })).at(-1) as Place;
}

function namesInTarget(target: Buffer): readonly Buffer[] {
  // Each character stands for a byte.
  const parts = target.toString("latin1").split("/").filter(isName);
  return parts.map((part) => Buffer.from(part, "latin1"));
}

function noEntry(image: string, folder: string, name: string, seen: readonly string[]): AppError {
  const near = nearestName(name, seen);
  return new AppError({
    code: "missing-file",
    message: `${image} has no "${name}" in ${folder}`,
    advice: near === undefined ? `List ${folder} to see what is there.` : `Did you mean ${near}?`,
  });
}

/** A symbolic link leads nowhere. */
class BrokenLink extends AppError {}

/** Of links that lead to each other, the last one is named. */
function brokenLink(link: Place, cause: AppError): AppError {
  if (cause instanceof BrokenLink) return cause;
  return new BrokenLink(
    {
      code: "missing-file",
      message: `${cause.message}, to which ${nameLink(link)} leads`,
      advice: "Give the path of a file that is there.",
    },
    { cause },
  );
}

function tooManyLinks(image: string, link: Place): AppError {
  return new AppError({
    code: "usage",
    message: `${image} has more than ${maxLinks} symbolic links on that path: ${nameLink(link)} may lead back to itself`,
    advice: "Give the path of a file without links.",
  });
}

function nameLink({ path, entry }: Place): string {
  return `the symbolic link ${path} -> ${showRawName(entry.target ?? Buffer.alloc(0))}`;
}
