import { Records } from "./records.ts";

/** The fields of a name: numbers of its folder and its file, the place of its bytes, and the next name of two lists. */
const fields = { folder: 0, file: 1, start: 2, length: 3, nextInFolder: 4, nextInBucket: 5 } as const;

/** A name in a folder. */
interface NamedFile {
  readonly name: Buffer;
  readonly file: number;
}

/** The names of many files in folders. Files and folders are numbers from 1. */
export class NameTable {
  /** Of all names, one after the other. */
  #bytes = Buffer.allocUnsafe(4096);
  #used = 0;
  /** Names are numbers from 1, too: 0 ends a list. */
  #count = 0;
  readonly #names = new Records(Object.keys(fields).length, Uint32Array);
  /** The first name in each folder. */
  readonly #folders = new Records(1, Uint32Array);
  /** The first name of those whose hashes end alike. */
  #buckets = new Uint32Array(1024);

  get count(): number {
    return this.#count;
  }

  /** Bytes of all names. */
  get bytes(): number {
    return this.#used;
  }

  /** The file of a name; undefined if the folder has no such name. */
  find(folder: number, name: Buffer): number | undefined {
    const found = this.#find(folder, name);
    return found === 0 ? undefined : this.#names.get(found, fields.file);
  }

  /** Gives a file a name, which may have been another one's. */
  put(folder: number, name: Buffer, file: number): void {
    const known = this.#find(folder, name);
    if (known !== 0) this.#names.set(known, fields.file, file);
    else this.#add(folder, name, file);
  }

  /** The names in a folder, in their order as bytes. They are valid as long as none is added. */
  *list(folder: number): Generator<NamedFile> {
    const found: number[] = [];
    for (let at = this.#folders.get(folder, 0); at !== 0; at = this.#names.get(at, fields.nextInFolder))
      found.push(at);
    for (const name of found.sort((one, other) => this.#compare(one, other)))
      yield { name: this.#bytesOf(name), file: this.#names.get(name, fields.file) };
  }

  #add(folder: number, name: Buffer, file: number): void {
    const added = ++this.#count;
    const set = (field: keyof typeof fields, value: number) => this.#names.set(added, fields[field], value);
    set("folder", folder);
    set("file", file);
    set("start", this.#keep(name));
    set("length", name.length);
    set("nextInFolder", this.#folders.get(folder, 0));
    this.#folders.set(folder, 0, added);
    if (added > this.#buckets.length) this.#rehash();
    else this.#putIntoBucket(added, folder, name);
  }

  #find(folder: number, name: Buffer): number {
    let at = this.#buckets[this.#bucketOf(folder, name)] ?? 0;
    while (at !== 0 && !(this.#names.get(at, fields.folder) === folder && this.#bytesOf(at).equals(name)))
      at = this.#names.get(at, fields.nextInBucket);
    return at;
  }

  #rehash(): void {
    this.#buckets = new Uint32Array(2 * this.#buckets.length);
    for (let name = 1; name <= this.#count; name++)
      this.#putIntoBucket(name, this.#names.get(name, fields.folder), this.#bytesOf(name));
  }

  #putIntoBucket(added: number, folder: number, name: Buffer): void {
    const bucket = this.#bucketOf(folder, name);
    this.#names.set(added, fields.nextInBucket, this.#buckets[bucket] ?? 0);
    this.#buckets[bucket] = added;
  }

  /** By the hash FNV-1a. If names are made to have the same one, the limit of time of who reads them ends the search. */
  #bucketOf(folder: number, name: Buffer): number {
    let hash = 0x811c9dc5 ^ folder;
    for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash ^ (hash >>> 15)) & (this.#buckets.length - 1);
  }

  #keep(name: Buffer): number {
    const start = this.#used;
    const needed = start + name.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    name.copy(this.#bytes, start);
    this.#used = needed;
    return start;
  }

  #bytesOf(name: number): Buffer {
    const start = this.#names.get(name, fields.start);
    return this.#bytes.subarray(start, start + this.#names.get(name, fields.length));
  }

  #compare(one: number, other: number): number {
    const [start, otherStart] = [this.#names.get(one, fields.start), this.#names.get(other, fields.start)];
    const [length, otherLength] = [
      this.#names.get(one, fields.length),
      this.#names.get(other, fields.length),
    ];
    for (let at = 0; at < length && at < otherLength; at++) {
      const difference = (this.#bytes[start + at] ?? 0) - (this.#bytes[otherStart + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  }
}
