import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";

/** The result of one look at an entry. */
export interface Described<Value> {
  readonly value: Value;
  /** The folders in which something changes when the value becomes another. */
  readonly folders: ReadonlySet<string>;
  /** Finds out the rest, which takes longer. */
  readonly more?: () => Promise<Described<Value>>;
}

interface Entry<Value> {
  described: Described<Value>;
  isOutdated: boolean;
}

/** Descriptions of entries, by name. An entry is looked at again only when its description is outdated. */
export class DescribedEntries<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #describe: (name: string) => Described<Value>;
  readonly #onMore: () => void;

  /** @param onMore called when an entry's description has become more complete. */
  constructor(describe: (name: string) => Described<Value>, onMore: () => void) {
    this.#describe = describe;
    this.#onMore = onMore;
  }

  /**
   * Describes things, in their order, and forgets all others.
   *
   * @param until the time up to which more is waited for, by `performance.now()`.
   */
  async values(names: readonly string[], until: number): Promise<readonly Value[]> {
    const wanted = new Set(names);
    for (const name of this.#entries.keys()) if (!wanted.has(name)) this.#entries.delete(name);
    for (const name of wanted)
      if (this.#entries.get(name)?.isOutdated !== false) await this.#look(name, until);
    return names.flatMap((name) => this.#entries.get(name)?.described.value ?? []);
  }

  async #look(name: string, until: number): Promise<void> {
    const described = this.#describe(name);
    const entry: Entry<Value> = { described, isOutdated: false };
    this.#entries.set(name, entry);
    if (described.more) await this.#waitForMore(described.more(), entry, until);
    // So that many entries do not delay the other work of this process.
    await nextTurn();
  }

  async #waitForMore(more: Promise<Described<Value>>, entry: Entry<Value>, until: number): Promise<void> {
    let isLate = false;
    const known = more.then(
      (described) => {
        entry.described = described;
        if (isLate) this.#onMore();
      },
      // Something went away meanwhile. That it did outdates this.
      () => {},
    );
    isLate = !(await within(known, until));
  }

  /** Has things looked at again: those that a folder's changes concern, or all. */
  outdate(folder?: string): void {
    for (const entry of this.#entries.values())
      if (folder === undefined || entry.described.folders.has(folder)) entry.isOutdated = true;
  }

  /** The folders whose changes concern any of them. */
  folders(): readonly string[] {
    return [...this.#entries.values()].flatMap(({ described }) => [...described.folders]);
  }
}

/** Waits for something up to a time. @returns whether it came */
async function within(awaited: Promise<unknown>, until: number): Promise<boolean> {
  const ended = new AbortController();
  const time = Math.max(0, until - performance.now());
  try {
    const late = delay(time, false, { signal: ended.signal }).catch(() => false);
    return await Promise.race([awaited.then(() => true), late]);
  } finally {
    ended.abort();
  }
}
