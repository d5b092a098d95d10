type Numbers = Uint32Array | Float64Array;

/** Records in a chunk, so that memory grows in small steps and nothing is copied. */
const chunkRecords = 16 * 1024;

/** Records of a few numbers each, in as few bytes as these take: for lists that are too long for an object per entry. */
export class Records {
  readonly #fields: number;
  readonly #create: (length: number) => Numbers;
  readonly #chunks: Numbers[] = [];

  /** @param fields the numbers in a record */
  constructor(fields: number, type: Uint32ArrayConstructor | Float64ArrayConstructor) {
    this.#fields = fields;
    this.#create = (length) => new type(length);
  }

  /** A number that was never set is 0. */
  get(record: number, field: number): number {
    const chunk = this.#chunks[Math.floor(record / chunkRecords)];
    return chunk?.[(record % chunkRecords) * this.#fields + field] ?? 0;
  }

  set(record: number, field: number, value: number): void {
    const index = Math.floor(record / chunkRecords);
    while (this.#chunks.length <= index) this.#chunks.push(this.#create(chunkRecords * this.#fields));
    (this.#chunks[index] as Numbers)[(record % chunkRecords) * this.#fields + field] = value;
  }
}
