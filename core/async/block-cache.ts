/** The results of the last calls, by the places of blocks. A result that is still awaited is shared. */
export class BlockCache<T> {
  readonly #blocks = new Map<number, Promise<T>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  async get(place: number, read: () => Promise<T>): Promise<T> {
    const known = this.#blocks.get(place);
    const block = known ?? this.#read(place, read);
    this.#blocks.delete(place);
    this.#blocks.set(place, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > this.#most && oldest !== undefined) this.#blocks.delete(oldest);
    return await block;
  }

  /** A read that fails, such as by a limit of time, is tried again. */
  #read(place: number, read: () => Promise<T>): Promise<T> {
    const block = read();
    block.catch(() => this.#blocks.get(place) === block && this.#blocks.delete(place));
    return block;
  }
}
