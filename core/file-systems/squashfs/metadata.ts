import { BlockCache } from "../../async/block-cache.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";
import type { BlockDecoder } from "./block-decoder.ts";

export const metadataBytes = 8192;
const cachedBlocks = 64;
const isStored = 0x8000;

interface MetadataBlock {
  readonly content: Buffer;
  /** The place of the next one. */
  readonly next: number;
}

/** Reads the blocks in which a squashfs has its inodes, folders and tables. */
export class Metadata {
  readonly #source: ByteSource;
  readonly #decode: BlockDecoder;
  readonly #blocks = new BlockCache<MetadataBlock>(cachedBlocks);

  constructor(source: ByteSource, decode: BlockDecoder) {
    this.#source = source;
    this.#decode = decode;
  }

  /** Reads forward from a place. @param block the place of its block in the file system @param offset in the content of the block */
  cursor(block: number, offset: number, name: string): MetadataCursor {
    return new MetadataCursor(
      (place) => this.#blocks.get(place, () => this.#read(place, name)),
      block,
      offset,
      name,
    );
  }

  async #read(place: number, name: string): Promise<MetadataBlock> {
    const header = (await readExactly(this.#source, place, 2, name)).readUInt16LE();
    const size = header & ~isStored;
    if (size === 0 || size > metadataBytes)
      throw damaged(`${name}: the metadata block at byte ${place} has ${size} bytes`);
    const bytes = await readExactly(this.#source, place + 2, size, name);
    const content = header & isStored ? bytes : await this.#decode(bytes, metadataBytes);
    if (content.length === 0) throw damaged(`${name}: the metadata block at byte ${place} is empty`);
    return { content, next: place + 2 + size };
  }
}

export class MetadataCursor {
  readonly #load: (place: number) => Promise<MetadataBlock>;
  readonly #name: string;
  #block: number;
  #offset: number;

  constructor(load: (place: number) => Promise<MetadataBlock>, block: number, offset: number, name: string) {
    this.#load = load;
    this.#block = block;
    this.#offset = offset;
    this.#name = name;
  }

  /** The place of the next bytes, for another cursor. */
  get place(): { readonly block: number; readonly offset: number } {
    return { block: this.#block, offset: this.#offset };
  }

  /** The next bytes, also of several blocks. */
  async read(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const { content, next } = await this.#load(this.#block);
      if (this.#offset > content.length) throw damaged(`${this.#name} begins outside of its block`);
      const part = content.subarray(this.#offset, this.#offset + missing);
      parts.push(part);
      missing -= part.length;
      this.#offset += part.length;
      if (missing === 0) break;
      this.#block = next;
      this.#offset = 0;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }
}
