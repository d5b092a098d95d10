import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Digests, digestEntries, digestFile } from "./digest.ts";
import { foldersOf, listLinkedTrees, type TreeEntry } from "./tree-entries.ts";

/** A digest, and where to look for changes that would make it another one. */
export interface KnownDigest {
  readonly digest: string;
  readonly folders: readonly string[];
}

/**
 * Two changes within this time may look like one: file systems keep times in steps of up to 2 s (FAT). So the digest
 * of a file that has changed just now is taken again the next time. Milliseconds.
 */
const unsettled = 2_000;

/** The number of tries to read files that change meanwhile. */
const maximumTries = 3;

/** Larger trees are not read before they are settled: somebody may be writing them. Bytes: about a tenth of a second. */
const largeTree = 32 * 1024 ** 2;

/** Smaller trees are read again by each process: that takes about a millisecond. Bytes. */
const keptSize = 256 * 1024;

/** Digests that are kept. Those of the paths that were asked for longest ago are dropped. */
const maximumDigests = 10_000;

/** A digest of files on disk, and the stamp that these had when they were read. */
interface StampedDigest {
  readonly stamp: string;
  readonly digest: string;
}

/** Keeps digests of large files from one process to the next. */
export interface DigestKeeper {
  recall(key: string): StampedDigest | undefined;
  keep(key: string, known: StampedDigest): void;
}

interface DigestCacheOptions {
  /** Without it, digests are kept as long as the cache itself. */
  readonly keeper?: DigestKeeper;
  /** Does not read a large file that changed just now: somebody may be writing it. */
  readonly awaitsWriters?: boolean;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** `trees` as `digestTrees` does it, `file` as `digestFile`. */
type DigestKind = "trees" | "file";

/** Takes digests, and reads files again only when they have changed. */
export class DigestCache {
  readonly #options: DigestCacheOptions;
  readonly #known = new Map<string, StampedDigest>();
  readonly #running = new Map<string, Promise<KnownDigest>>();
  readonly #recent = new Map<string, Promise<KnownDigest>>();

  constructor(options: DigestCacheOptions = {}) {
    this.#options = options;
  }

  /**
   * Takes the digest of these paths, or the one that was taken since `forgetRecent`.
   *
   * @throws the system's error for what does not exist or can't be read; the signal's reason.
   */
  digest(paths: readonly string[], kind: DigestKind = "trees"): Promise<KnownDigest> {
    const key = keyOf(paths, kind);
    const taken = this.#recent.get(key) ?? this.#running.get(key);
    if (taken !== undefined) return taken;
    const started = this.#take(key, paths, kind).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    this.#recent.set(key, started);
    return started;
  }

  /** Makes later requests compare the digests with the files on disk, which may have changed. */
  forgetRecent(): void {
    this.#recent.clear();
  }

  /** The digests of what is on disk at each request. */
  get digests(): Digests {
    const take = async (paths: readonly string[], kind: DigestKind) => {
      this.forgetRecent();
      return (await this.digest(paths, kind)).digest;
    };
    return { trees: (paths) => take(paths, "trees"), file: (path) => take([path], "file") };
  }

  /** The digest of a large file, if it was taken before and the file is unchanged since: the file is not read. */
  async known(path: string): Promise<string | undefined> {
    const known = this.#options.keeper?.recall(keyOf([path], "file"));
    return known?.stamp === stampOfAll(await listLinkedTrees([path])) ? known.digest : undefined;
  }

  async #take(key: string, paths: readonly string[], kind: DigestKind): Promise<KnownDigest> {
    const { keeper, signal } = this.#options;
    for (let tries = 1; ; tries++) {
      const entries = await this.#listSettled(paths);
      const folders = foldersOf(entries);
      const stamp = stampOfAll(entries);
      const isKept = sizeOf(entries) >= keptSize;
      const known = this.#known.get(key) ?? (isKept ? keeper?.recall(key) : undefined);
      if (known?.stamp === stamp) return { digest: known.digest, folders };
      const wasSettled = isSettled(entries);
      const digest = await read(entries, kind, signal);
      const isUnchanged = stampOfAll(await listLinkedTrees(paths)) === stamp;
      if (isUnchanged && wasSettled) {
        this.#remember(key, { stamp, digest });
        if (isKept) keeper?.keep(key, { stamp, digest });
      }
      // A file that was changed meanwhile was read half before and half after that.
      if (isUnchanged || tries === maximumTries) return { digest, folders };
    }
  }

  async #listSettled(paths: readonly string[]): Promise<readonly TreeEntry[]> {
    for (;;) {
      const entries = await listLinkedTrees(paths);
      if (!this.#options.awaitsWriters || sizeOf(entries) < largeTree || isSettled(entries)) return entries;
      await delay(unsettled, undefined, { ref: false });
    }
  }

  #remember(key: string, known: StampedDigest): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maximumDigests && oldest !== undefined) this.#known.delete(oldest);
  }
}

function keyOf(paths: readonly string[], kind: DigestKind): string {
  return [kind, ...paths].join("\0");
}

async function read(
  entries: readonly TreeEntry[],
  kind: DigestKind,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [first] = entries;
  return kind === "file" && first ? digestFile(first.path, { signal }) : digestEntries(entries, signal);
}

function sizeOf(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

function isSettled(entries: readonly TreeEntry[]): boolean {
  return !entries.some(({ changed }) => hasJustChanged(changed));
}

/** Whether another change may have the same time. @param changed when a file was last changed, in milliseconds since the epoch */
export function hasJustChanged(changed: number): boolean {
  return changed >= Date.now() - unsettled;
}

function stampOfAll(entries: readonly TreeEntry[]): string {
  const hash = createHash("sha256");
  for (const { name, stamp } of entries) hash.update(`${name}\0${stamp}\0`);
  return hash.digest("hex");
}
