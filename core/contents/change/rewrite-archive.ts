import { createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { AppError } from "../../../shared/errors/errors.ts";
import { decompress } from "../../file-systems/compressed/decompress.ts";
import { isDamage } from "../../file-systems/damaged.ts";
import type { Contents } from "../tree/contents.ts";
import { openHostFile } from "../tree/host-file.ts";
import { changeTar, otherDataFollows } from "./change-tar.ts";
import type { Target } from "./find-target.ts";
import type { DiskChange } from "./write-tools.ts";

/** Bytes that the content of an archive may have. */
const maxContent = 4 * 1024 ** 3;
const gzipMagic = "1f8b08";
const copyName = "rewritten-archive";

/**
 * Writes a copy of an archive in an image, with one more file or a replaced one, into a folder: tar, or tar in gzip.
 *
 * @returns the copy. @throws AppError `usage` for another compression; as `changeTar`
 */
export async function rewriteArchive(
  contents: Contents,
  { archive, file }: NonNullable<Target["inner"]>,
  { folder, content, signal }: Pick<DiskChange, "folder" | "content" | "signal">,
): Promise<DiskChange["content"]> {
  await using cleanup = new AsyncDisposableStack();
  const stored = await contents.open(archive);
  const unpacked = await decompress(stored, { folder, limitBytes: maxContent, signal });
  if (unpacked) cleanup.use(unpacked);
  const magic = (await stored.read(0, gzipMagic.length / 2)).toString("hex");
  if (unpacked && magic !== gzipMagic) throw otherCompression(archive.path);
  if (unpacked?.following.start !== undefined) throw otherDataFollows(archive.path);
  const given = cleanup.use(await openHostFile(join(folder, content.name)));
  const target = join(folder, copyName);
  const tar = changeTar(unpacked ?? stored, file, { content: given, mode: content.mode }, archive.path);
  const options = signal ? { signal } : {};
  const written = createWriteStream(target);
  await (unpacked
    ? pipeline(tar, createGzip({ level: 9 }), written, options)
    : pipeline(tar, written, options)
  ).catch((error) => {
    throw isDamage(error) ? damagedArchive(archive.path, error) : error;
  });
  return { name: copyName, size: statSync(target).size, mode: 0o644 };
}

function damagedArchive(path: string, cause: AppError): AppError {
  const { code, message } = cause;
  return new AppError(
    {
      code,
      message: `${path} is damaged or incomplete: ${message}`,
      advice: "Put a whole archive into the image in its place.",
    },
    { cause },
  );
}

function otherCompression(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is not compressed with gzip: Tinsmith does not change other compressed archives`,
    advice: "Change the archive outside of the image, then put it into the image.",
  });
}
