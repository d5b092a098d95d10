import { dirname, join, relative, resolve } from "node:path";
import type { GuestTools } from "../../shared/recipe/guest-tools.ts";
import { digestFile } from "../files/digest.ts";
import { listLinkedTrees, type TreeEntry } from "../files/tree-entries.ts";
import { readImageSet } from "../image-set/image-set.ts";
import { installation } from "../storage/installation.ts";

/** The sources of a watch: an image set, and scenarios. */
export interface WatchedSources {
  /** The folder of the image set. */
  readonly folder: string;
  /** Paths of scenario files. */
  readonly scenarios: readonly string[];
}

/** One of the files. */
interface WatchedFile {
  readonly digest: string;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly changed: number;
  /** The watched path that it is in. */
  readonly root: string;
}

/** The files at one moment. */
export interface FilesSnapshot {
  /** The files by their paths. */
  readonly files: Readonly<Record<string, WatchedFile>>;
  /** The paths that were watched, with all that is in them. */
  readonly roots: readonly string[];
  /** The folders in which something changes when one of the files does. */
  readonly folders: readonly string[];
}

/** Reads the watched files, and remembers their digests while they stay as they are. */
export interface WatchedFiles {
  take(): Promise<FilesSnapshot>;
  /**
   * The name of a watched file for a person: relative to the image set, as the recipe has it; of a file in a watched folder,
   * relative to that.
   */
  nameOf(path: string): string;
}

/** Editors leave these beside a file: copies, locks, and the file that is to replace it. */
const temporaryName = /^(?:\..*|.*~|#.*#|4913|.*\.(?:swp|swx|tmp|bak|orig))$/;

/**
 * @param folder the folder of the image set
 * @param find the paths of the watched files and folders, of which the latter are watched with all that is in them
 */
export function createWatchedFiles(folder: string, find: () => readonly string[]): WatchedFiles {
  let known = new Map<string, { readonly stamp: string; readonly digest: string }>();
  const roots = new Map<string, string>();

  const digestOf = async ({ path, stamp, kind, target = "" }: TreeEntry): Promise<string> => {
    const before = known.get(path);
    if (before?.stamp === stamp) return before.digest;
    const content = kind === "link" ? target : await digestFile(path).catch(() => "unreadable");
    return `${kind} ${content}`;
  };

  return {
    take: async () => {
      const files: Record<string, WatchedFile> = {};
      const folders = new Set<string>();
      const seen: typeof known = new Map();
      const found = find();
      for (const root of found) {
        const entries = await entriesOf(root);
        if (entries.length === 0) {
          // It may be made, or come back: editors replace files.
          files[root] = { digest: "missing", changed: 0, root };
          folders.add(dirname(root));
        }
        for (const entry of entries) {
          const { path, stamp, kind, changed } = entry;
          folders.add(kind === "folder" ? path : dirname(path));
          if (kind === "folder") continue;
          const digest = await digestOf(entry);
          seen.set(path, { stamp, digest });
          files[path] = { digest, changed, root };
          roots.set(path, path === root ? folder : root);
        }
      }
      known = seen;
      return { files, roots: found, folders: [...folders] };
    },
    nameOf: (path) => relative(roots.get(path) ?? folder, path),
  };
}

/** The files of a tree, without those that editors leave for a moment; none if it isn't there. */
async function entriesOf(root: string): Promise<readonly TreeEntry[]> {
  // When something in it was removed while it was listed, another look finds what is left.
  const entries = await listLinkedTrees([root])
    .catch(() => listLinkedTrees([root]))
    .catch(() => []);
  return entries.filter(({ name }) => !name.split("/").some((part) => part && temporaryName.test(part)));
}

/** The files that differ between two moments, by their paths; not those that were watched at one of them only. */
export function changedFiles(before: FilesSnapshot, now: FilesSnapshot): readonly string[] {
  const paths = new Set([...Object.keys(before.files), ...Object.keys(now.files)]);
  return [...paths].filter((path) => {
    const [one, other] = [before.files[path], now.files[path]];
    const root = one?.root ?? other?.root ?? "";
    return one?.digest !== other?.digest && before.roots.includes(root) && now.roots.includes(root);
  });
}

/**
 * Finds the files that decide about the images of a set, its guest tools and the scenarios: as the recipe says now,
 * or, while that can't be read, as it said last.
 */
export function createSourceFinder({ folder, scenarios }: WatchedSources): () => readonly string[] {
  let last: readonly string[] = [];
  return () => {
    try {
      last = sourcesOf(folder);
    } catch {
      // The round says what is wrong with the recipe.
    }
    return [...new Set([join(folder, "recipe.yaml"), ...last, ...scenarios])];
  };
}

function sourcesOf(folder: string): readonly string[] {
  const { recipe, stepsFile } = readImageSet(folder);
  const { machine, cd, guestTools, iso } = recipe;
  const isoInputs = iso && "build" in iso ? iso.inputs : [];
  return [
    ...(stepsFile === undefined ? [] : [stepsFile]),
    ...[machine, ...isoInputs, ...cd].map((path) => resolve(folder, path)),
    ...(guestTools ? toolsOf(folder, guestTools) : ownTools()),
  ];
}

/** Without a list of its inputs, the files that its build command names; without a build command, the binary. */
function toolsOf(folder: string, { build, inputs, binary }: GuestTools): readonly string[] {
  if (inputs) return inputs.map((path) => resolve(folder, path));
  if (!build) return [resolve(folder, binary)];
  const named = build.filter((word, index) => word.includes("/") || (index > 0 && /\.\w+$/.test(word)));
  return named.map((word) => resolve(folder, word)).filter((path) => path !== resolve(folder, binary));
}

/** Tinsmith's own, which are compiled where their sources are. */
function ownTools(): readonly string[] {
  return Object.values(installation.guestTools);
}
