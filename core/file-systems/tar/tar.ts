import type { EntryKind } from "../../../shared/contents/entry.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { tarBlockSize, tarFields, tarPadding } from "../../image/tar/tar-header.ts";
import { addRest, findRest } from "../archive-rest.ts";
import { type ArchiveFile, ArchiveTree } from "../archive-tree.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged, isDamage } from "../damaged.ts";
import type { OpenFileSystem } from "../file-system.ts";
import { readAhead } from "../read-ahead.ts";
import { locateContent, openContent, openPlain, type TarContent } from "./tar-content.ts";
import { isTarHeader, readTarEntry, type TarEntry } from "./tar-entry.ts";
import { parsePaxNumber, readOptionalNumber } from "./tar-numbers.ts";

/**
 * Opens a tar archive: ustar, PAX, GNU and the format before them, with sparse files in any of GNU tar's ways.
 * Data after the mark of its end, such as another archive, is the file `rest-at-BYTE` in the top folder.
 *
 * A damaged archive is read up to the damage, with a note.
 */
export const openTar: OpenFileSystem = async (source) => {
  if (!isTarHeader(await source.read(0, tarBlockSize))) return undefined;
  const scan = new TarScan(source);
  await scan.run();
  return scan.tree.asFileSystem({
    ...{ format: "tar", label: scan.label, size: source.size },
    open: async ({ start, size, allocated }) =>
      allocated === size ? openPlain(source, start, size) : await openSparse(source, start),
  });
};

const kinds: Readonly<Record<string, EntryKind>> = {
  "2": "symlink",
  "3": "char-device",
  "4": "block-device",
  "5": "folder",
  "6": "fifo",
  // Of incremental archives, with a list of names.
  D: "folder",
};
const hardLink = "1";
const volumeLabel = "V";
/** The rest of a file from another volume, and the names of GNU tar before 1989. */
const ignored: readonly string[] = ["M", "N"];

class TarScan {
  readonly tree = new ArchiveTree();
  label = "";
  readonly #source: ByteSource;
  readonly #headers: ByteSource;
  readonly #globals = new Map<string, string>();

  constructor(source: ByteSource) {
    this.#source = source;
    this.#headers = readAhead(source);
  }

  async run(): Promise<void> {
    try {
      for (let at = 0; ; ) {
        if (at === this.#source.size) throw damaged("the mark of its end is missing");
        const entry = await readTarEntry(this.#headers, at, this.#globals);
        if (!entry) return await this.#addRest(at);
        at = await this.#add(entry);
      }
    } catch (thrown) {
      const error = asDamage(thrown);
      this.tree.notes.add(
        `The archive is damaged or incomplete, and is shown up to there: ${error.message}.`,
      );
    }
  }

  /** @param end the place of the mark of the archive's end */
  async #addRest(end: number): Promise<void> {
    const start = await findRest(this.#headers, end, this.tree.notes);
    if (start !== undefined) addRest(this.tree, this.#source, start);
  }

  /** @returns the place of the next entry */
  async #add(entry: TarEntry): Promise<number> {
    const { type, path, dataStart, storedSize } = entry;
    const end = dataStart + storedSize + tarPadding(storedSize);
    if (type === volumeLabel) this.label = path.toString();
    else if (ignored.includes(type)) this.tree.notes.leaveOut(path, `its type in the archive is ${type}`);
    else if (type === hardLink) this.#addLink(entry);
    else {
      const kind = kinds[type] ?? (path.at(-1) === 0x2f ? "folder" : "file");
      if (kind === "file") {
        const content = await locateContent(this.#headers, entry);
        this.tree.add(path, this.#describeFile(entry, content));
        return content.end;
      }
      this.tree.add(path, this.#describe(entry, kind));
    }
    return end;
  }

  #addLink({ path, linkTarget }: TarEntry): void {
    const target = this.tree.find(linkTarget);
    if (target !== undefined && this.tree.kindOf(target) !== "folder") this.tree.link(path, target);
    else this.tree.notes.leaveOut(path, "it is a hard link to a file that is not in the archive");
  }

  #describeFile(entry: TarEntry, content: TarContent): ArchiveFile {
    const { size, extents, dataStart } = content;
    const allocated = extents.dataSize;
    // Sparse maps take memory, and are read again.
    const start = allocated === size ? dataStart : entry.start;
    return { ...this.#describe(entry, "file"), size, allocated, start };
  }

  #describe(entry: TarEntry, kind: EntryKind): ArchiveFile {
    const { header, pax, linkTarget } = entry;
    const number = (field: keyof typeof tarFields) => readOptionalNumber(header, tarFields[field]);
    const seconds = parsePaxNumber(pax.get("mtime")) ?? number("modified");
    const mode = number("mode");
    const isDevice = kind === "char-device" || kind === "block-device";
    return {
      kind,
      mode: mode === undefined ? undefined : mode & 0o7777,
      uid: parsePaxNumber(pax.get("uid")) ?? number("owner"),
      gid: parsePaxNumber(pax.get("gid")) ?? number("group"),
      modified: seconds === undefined ? undefined : Math.floor(seconds * 1000),
      size: kind === "symlink" ? linkTarget.length : 0,
      allocated: kind === "symlink" ? linkTarget.length : 0,
      ...(kind === "symlink" && { target: linkTarget }),
      ...(isDevice && { device: { major: number("deviceMajor") ?? 0, minor: number("deviceMinor") ?? 0 } }),
    };
  }
}

/** @param start the place of the first header of a sparse file */
async function openSparse(source: ByteSource, start: number): Promise<ByteSource> {
  try {
    const entry = await readTarEntry(source, start, new Map());
    if (entry) return openContent(source, await locateContent(source, entry));
  } catch (thrown) {
    throw asDamage(thrown);
  }
  throw damaged(`the tar header at byte ${start} has changed`);
}

/** Any refusal of an archive, as damage. @throws any other error */
function asDamage(thrown: unknown): AppError {
  if (isDamage(thrown)) return thrown;
  if (thrown instanceof AppError && thrown.code === "invalid-archive") return damaged(thrown.message);
  throw thrown;
}
