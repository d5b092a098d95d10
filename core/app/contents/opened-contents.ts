import { randomUUID } from "node:crypto";
import type { Contents } from "../../contents/tree/contents.ts";
import { openRegularFile, statusOf } from "../../files/regular-file.ts";
import type { Paths } from "../../storage/paths.ts";
import { openSource } from "./open-source.ts";
import { isNamedSource } from "./source-name.ts";

/** Images that are kept open: each has its files, and copies of what it has decompressed. */
const maxOpen = 4;
/** Milliseconds after its last use for which an image is kept open. */
const idleTime = 60_000;

interface Opened {
  /** Size and time of the file as it was then. */
  readonly version: string;
  readonly contents: Promise<Contents>;
  readonly readsAll: boolean;
  uses: number;
  timer?: NodeJS.Timeout;
}

/** Opens images for the calls of a window, of which many are for one image. */
export interface OpenedContents {
  /** Does work on an image that is open, or is opened for it. @param readsAll as `OpenOptions` has it */
  use<Result>(
    image: string,
    readsAll: boolean,
    work: (contents: Contents) => Promise<Result>,
  ): Promise<Result>;
  /** Lets an image be unpacked into the cache, however large it is. */
  confirmUnpacking(image: string): void;
}

export function createOpenedContents(paths: Paths): OpenedContents {
  const opened = new Map<string, Opened>();
  const confirmed = new Set<string>();
  const close = (image: string) => {
    const entry = opened.get(image);
    if (!entry) return;
    opened.delete(image);
    clearTimeout(entry.timer);
    void entry.contents.then((contents) => contents[Symbol.asyncDispose]()).catch(() => {});
  };
  const closeIdle = () => {
    for (const [image, { uses }] of opened) if (opened.size > maxOpen && uses === 0) close(image);
  };
  const open = async (image: string, readsAll: boolean): Promise<Opened> => {
    const version = await versionOf(image);
    const known = opened.get(image);
    if (known?.version === version && (known.readsAll || !readsAll)) return known;
    if (known?.uses === 0) close(image);
    const contents = openSource(paths, image, {
      readsAll,
      onNote: () => {},
      mayUnpack: () => confirmed.has(image),
    });
    const entry: Opened = { version, contents, readsAll, uses: 0 };
    opened.set(image, entry);
    contents.catch(() => opened.get(image) === entry && opened.delete(image));
    closeIdle();
    return entry;
  };
  return {
    confirmUnpacking: (image) => void confirmed.add(image),
    use: async (image, readsAll, work) => {
      const entry = await open(image, readsAll);
      clearTimeout(entry.timer);
      entry.uses += 1;
      try {
        return await work(await entry.contents);
      } finally {
        entry.uses -= 1;
        if (entry.uses === 0) {
          if (opened.get(image) === entry) entry.timer = setTimeout(() => close(image), idleTime).unref();
          else void entry.contents.then((contents) => contents[Symbol.asyncDispose]()).catch(() => {});
        }
      }
    },
  };
}

/** Another one of a checkpoint each time: a virtual machine that runs may use the space of a deleted one for other data. */
async function versionOf(source: string): Promise<string> {
  if (isNamedSource(source)) return randomUUID();
  // A disk that a build has kept does not change.
  if (statusOf(source)?.isDirectory()) return "kept";
  await using file = await openRegularFile(source);
  const { size, mtimeMs, ino } = await file.stat();
  return [ino, size, mtimeMs].join(" ");
}
