import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { digestEntries } from "./digest.ts";
import { foldersOf, listTrees, type TreeEntry } from "./tree-entries.ts";

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

/** Digests that are kept. Those of the paths that were asked for longest ago are dropped. */
const maximumDigests = 10_000;

/** Takes digests as `digestTrees` does, and reads files again only when they have changed. */
export class DigestCache {
  readonly #known = new Map<string, { readonly stamp: string; readonly digest: string }>();
  readonly #running = new Map<string, Promise<KnownDigest>>();
  readonly #recent = new Map<string, Promise<KnownDigest>>();

  /**
   * Takes the digest of these paths, or the one that was taken since `forgetRecent`.
   *
   * @throws the system's error for what does not exist or can't be read.
   */
  digest(paths: readonly string[]): Promise<KnownDigest> {
    const key = paths.join("\0");
    const taken = this.#recent.get(key) ?? this.#running.get(key);
    if (taken !== undefined) return taken;
    const started = this.#take(key, paths).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    this.#recent.set(key, started);
    return started;
  }

  /** Makes later requests compare the digests with the files on disk, which may have changed. */
  forgetRecent(): void {
    this.#recent.clear();
  }

  async #take(key: string, paths: readonly string[]): Promise<KnownDigest> {
    for (let tries = 1; ; tries++) {
      const entries = await this.#listSettled(paths);
      const folders = foldersOf(entries);
      const stamp = stampOfAll(entries);
      const known = this.#known.get(key);
      if (known?.stamp === stamp) return { digest: known.digest, folders };
      const wasSettled = isSettled(entries);
      const digest = await digestEntries(entries);
      const isUnchanged = stampOfAll(await listTrees(paths)) === stamp;
      if (isUnchanged && wasSettled) this.#remember(key, { stamp, digest });
      // A file that was changed meanwhile was read half before and half after that.
      if (isUnchanged || tries === maximumTries) return { digest, folders };
    }
  }

  async #listSettled(paths: readonly string[]): Promise<readonly TreeEntry[]> {
    for (;;) {
      const entries = await listTrees(paths);
      const size = entries.reduce((sum, entry) => sum + entry.size, 0);
      if (size < largeTree || isSettled(entries)) return entries;
      await delay(unsettled, undefined, { ref: false });
    }
  }

  #remember(key: string, known: { readonly stamp: string; readonly digest: string }): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maximumDigests && oldest !== undefined) this.#known.delete(oldest);
  }
}

function isSettled(entries: readonly TreeEntry[]): boolean {
  const now = Date.now();
  return entries.every(({ changed }) => changed < now - unsettled);
}

function stampOfAll(entries: readonly TreeEntry[]): string {
  const hash = createHash("sha256");
  for (const { name, stamp } of entries) hash.update(`${name}\0${stamp}\0`);
  return hash.digest("hex");
}
