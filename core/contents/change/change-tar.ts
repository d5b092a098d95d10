import { AppError } from "../../../shared/errors/errors.ts";
import { ArchiveNotes } from "../../file-systems/archive-notes.ts";
import { findRest } from "../../file-systems/archive-rest.ts";
import { type ByteSource, sliceSource } from "../../file-systems/byte-source.ts";
import { damaged } from "../../file-systems/damaged.ts";
import { locateContent } from "../../file-systems/tar/tar-content.ts";
import { readTarEntry, type TarEntry } from "../../file-systems/tar/tar-entry.ts";
import {
  gnuMagic,
  tarBlockSize,
  tarFields,
  tarPadding,
  tarTypes,
  withTarChecksum,
  writeTarNumber,
} from "../../image/tar/tar-header.ts";
import { readAll } from "../read-all.ts";
import type { TargetFile } from "./find-target.ts";
import { attributesOf, fixedSeconds, type NewFile } from "./new-file.ts";

/**
 * A tar archive with one more file, or with a file replaced. All other bytes are those of the archive.
 *
 * @param tar not compressed
 * @param shown the path of the archive, for errors
 * @throws AppError `damaged-file-system`; `usage` for a file that can't be replaced, or an archive that other data follows
 */
export async function* changeTar(
  tar: ByteSource,
  target: TargetFile,
  file: NewFile,
  shown: string,
): AsyncGenerator<Uint8Array> {
  const { found, end, prefix } = await scan(tar, target);
  if ((await findRest(tar, end, new ArchiveNotes())) !== undefined) throw otherDataFollows(shown);
  const [from, to] = found ? [found.entry.start, found.end] : [end, end];
  const path = found?.entry.path ?? Buffer.concat([prefix, ...joined([...target.folder, target.name])]);
  yield* readAll(sliceSource(tar, 0, from));
  yield* headersOf(path, found?.entry, target, file);
  yield* readAll(file.content);
  yield Buffer.alloc(tarPadding(file.content.size));
  yield* readAll(sliceSource(tar, to, tar.size - to));
}

interface Scan {
  /** The last entry of the path, which counts. */
  readonly found: { readonly entry: TarEntry; readonly end: number } | undefined;
  /** The place of the mark of the end. */
  readonly end: number;
  /** The beginning of all paths in the archive: `./`, or nothing. */
  readonly prefix: Buffer;
}

async function scan(tar: ByteSource, { folder, name }: TargetFile): Promise<Scan> {
  const wanted = Buffer.concat(joined([...folder, name])).toString("latin1");
  const globals = new Map<string, string>();
  let found: Scan["found"];
  let prefix: Buffer | undefined;
  for (let at = 0; ; ) {
    if (at >= tar.size) throw damaged("the mark of its end is missing");
    const entry = await readTarEntry(tar, at, globals);
    if (!entry) return { found, end: at, prefix: prefix ?? Buffer.alloc(0) };
    const path = entry.path.toString("latin1");
    prefix ??= Buffer.from(path.startsWith("./") ? "./" : "");
    const { dataStart, storedSize } = entry;
    const isFile = [tarTypes.file, tarTypes.oldFile, tarTypes.sparseFile].some((type) => type === entry.type);
    const end = isFile
      ? (await locateContent(tar, entry)).end
      : dataStart + storedSize + tarPadding(storedSize);
    if (plainPath(path) === wanted) found = { entry, end };
    at = end;
  }
}

function plainPath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

function joined(names: readonly Buffer[]): Buffer[] {
  return names.flatMap((name, index) => (index === 0 ? [name] : [Buffer.from("/"), name]));
}

const longPathType = "L";

function* headersOf(
  path: Buffer,
  before: TarEntry | undefined,
  target: TargetFile,
  file: NewFile,
): Generator<Buffer> {
  const header = Buffer.alloc(tarBlockSize);
  if (before) {
    requireNoAttributes(before);
    // The names of its owner and group.
    before.header.copy(header, ownerNames.start, ownerNames.start, ownerNames.end);
  }
  const { mode, uid, gid } = attributesOf(target, file);
  const { name, modified, size, type } = tarFields;
  if (path.length > name.length) yield* longPath(path);
  path.copy(header, name.start, 0, name.length);
  writeTarNumber(header, tarFields.mode, mode);
  writeTarNumber(header, tarFields.owner, uid);
  writeTarNumber(header, tarFields.group, gid);
  writeTarNumber(header, size, file.content.size);
  writeTarNumber(header, modified, fixedSeconds);
  header.write(tarTypes.file, type.start, "latin1");
  header.write(gnuMagic, tarFields.magic.start, "latin1");
  yield withTarChecksum(header);
}

const ownerNames = { start: 265, end: 329 } as const;

function* longPath(path: Buffer): Generator<Buffer> {
  const header = Buffer.alloc(tarBlockSize);
  const size = path.length + 1;
  header.write("././@LongLink", "latin1");
  for (const field of [tarFields.mode, tarFields.owner, tarFields.group, tarFields.modified])
    writeTarNumber(header, field, 0);
  writeTarNumber(header, tarFields.size, size);
  header.write(longPathType, tarFields.type.start, "latin1");
  header.write(gnuMagic, tarFields.magic.start, "latin1");
  yield withTarChecksum(header);
  yield Buffer.concat([path, Buffer.alloc(1 + tarPadding(size))]);
}

/** The error for an archive that is only a part of its file: no program reads such a file in the same way. */
export function otherDataFollows(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} can't be changed: other data follows the tar archive`,
    advice: "Change the archive outside of the image, then put it into the image.",
  });
}

/** Extended attributes are in PAX headers, which a replaced file would lose. */
function requireNoAttributes({ pax, path }: TarEntry): void {
  if (![...pax.keys()].some((key) => /^(SCHILY|LIBARCHIVE)\.(xattr|acl)\./.test(key))) return;
  throw new AppError({
    code: "usage",
    message: `${path.toString()} in the archive has extended attributes, which its replacement would lose`,
    advice: "Change the archive outside of the image, then put it into the image.",
  });
}
