import { addRest, findRest } from "../archive-rest.ts";
import { type ArchiveFile, ArchiveTree } from "../archive-tree.ts";
import { type ByteSource, sliceSource } from "../byte-source.ts";
import { damaged, isDamage } from "../damaged.ts";
import type { OpenFileSystem } from "../file-system.ts";
import { kindOfMode } from "../mode.ts";
import { readAhead } from "../read-ahead.ts";
import { readExactly } from "../read-exactly.ts";
import { type CpioHeader, isCpioMagic, magicLength, readCpioHeader, trailer } from "./cpio-header.ts";

/**
 * Opens a cpio archive of the formats `newc`, with checksums or without, and `odc`. Several archives, one after the other, are one
 * tree, as the Linux kernel unpacks them from an initrd. Other data after an archive, such as a compressed archive, is the file
 * `rest-at-BYTE` in the top folder.
 *
 * A damaged archive is read up to the damage, with a note.
 */
export const openCpio: OpenFileSystem = async (source) => {
  if (!isCpioMagic(await source.read(0, magicLength))) return undefined;
  // The first header says whether the magic number is more than a text of six digits.
  await readCpioHeader(source, 0);
  const scan = new CpioScan(source);
  await scan.run();
  return scan.tree.asFileSystem({
    ...{ format: "cpio", size: source.size },
    open: async ({ start, size }) => {
      if (start + size > source.size)
        throw damaged(`the cpio archive ends before the end of the content at byte ${start}`);
      return sliceSource(source, start, size);
    },
  });
};

class CpioScan {
  readonly tree = new ArchiveTree();
  readonly #source: ByteSource;
  readonly #headers: ByteSource;
  /** The files of this archive with several names. */
  readonly #linked = new Map<string, number>();

  constructor(source: ByteSource) {
    this.#source = source;
    this.#headers = readAhead(source);
  }

  async run(): Promise<void> {
    let next: number | undefined = 0;
    while (next !== undefined) {
      const end = await this.#scanArchive(next);
      next = end === undefined ? undefined : await this.#findArchive(end);
    }
  }

  /** @returns the end of the archive; undefined after damage */
  async #scanArchive(start: number): Promise<number | undefined> {
    this.#linked.clear();
    for (let at = start; ; ) {
      try {
        const header = await readCpioHeader(this.#headers, at);
        if (header.path.toString("latin1") === trailer) return header.end;
        await this.#add(header);
        at = header.end;
      } catch (error) {
        if (!isDamage(error)) throw error;
        this.tree.notes.add(
          `The archive is damaged or incomplete, and is shown up to there: ${error.message}.`,
        );
        return undefined;
      }
    }
  }

  async #add(header: CpioHeader): Promise<void> {
    const { path, id, links } = header;
    const kind = kindOfMode(header.mode);
    if (!kind) {
      this.tree.notes.leaveOut(path, "it is of an unknown kind");
      return;
    }
    const linked = kind !== "folder" && links > 1 ? this.#linked.get(id) : undefined;
    if (linked === undefined || this.tree.kindOf(linked) !== kind) {
      const added = this.tree.add(path, await this.#describe(header, kind));
      if (added !== undefined && kind !== "folder" && links > 1) this.#linked.set(id, added);
      return;
    }
    this.tree.link(path, linked);
    // The format newc has the content with the last name only, and odc with each.
    if (header.size > 0) this.tree.change(linked, await this.#describe(header, kind));
  }

  async #describe(header: CpioHeader, kind: ArchiveFile["kind"]): Promise<ArchiveFile> {
    const { mode, uid, gid, modified, device, dataStart } = header;
    const size = kind === "file" || kind === "symlink" ? header.size : 0;
    const file = { kind, mode: mode & 0o7777, uid, gid, modified: modified * 1000, size, allocated: size };
    if (kind === "symlink") return { ...file, target: await this.#readTarget(header) };
    if (kind === "char-device" || kind === "block-device") return { ...file, device };
    if (kind !== "file") return file;
    return { ...file, start: dataStart };
  }

  async #readTarget({ dataStart, size }: CpioHeader): Promise<Buffer> {
    const place = `the target of the symbolic link at byte ${dataStart}`;
    if (size > longestTarget) throw damaged(`${place} has ${size} bytes`);
    return Buffer.from(await readExactly(this.#headers, dataStart, size, place));
  }

  /** Finds the next archive, after zeros; makes a file of anything else. */
  async #findArchive(end: number): Promise<number | undefined> {
    const start = await findRest(this.#headers, end, this.tree.notes);
    if (start === undefined) return undefined;
    if (isCpioMagic(await this.#headers.read(start, magicLength))) return start;
    addRest(this.tree, this.#source, start);
    return undefined;
  }
}

const longestTarget = 64 * 1024;
