import { execFileSync } from "node:child_process";
import { rawEntry, rawTar, zeroBomb } from "../../../core/image/test-fixtures.ts";
import type { HostileImage } from "./hostile-image.ts";

const mebibyte = 1024 * 1024;

/** The zeros that a program has compressed, again and again: programs read it as one file. */
function bombOf(
  command: readonly [string, ...string[]],
  { zeros = 16 * mebibyte, times = 1024 } = {},
): Buffer {
  const [program, ...args] = command;
  const one = execFileSync(program, args, { input: Buffer.alloc(zeros) });
  return Buffer.concat(Array.from({ length: times }, () => one));
}

/** An archive with one file, so that a bomb is met while something else is looked at. */
function inTar(name: string, content: Buffer): Buffer {
  return rawTar(rawEntry({ name: "before", content: "a needle" }), rawEntry({ name, content }));
}

function gzip(content: Buffer): Buffer {
  return execFileSync("gzip", ["-9c"], { input: content, maxBuffer: 2 ** 30 });
}

/** Gzip of gzip of gzip, each of a tar that has the one before and one more file. */
function nested(levels: number): Buffer {
  let content = inTar("end.tar.gz", bombOf(["gzip", "-9c"], { times: 64 }));
  for (let level = 0; level < levels; level += 1)
    content = inTar(`level${level}.tar.gz`, gzip(gzip(gzip(content))));
  return content;
}

/** Files that decompress to very much more than they have, in each format that Tinsmith opens. */
export const compressedImages: Readonly<Record<string, HostileImage>> = {
  "16 GiB of zeros in gzip": () => bombOf(["gzip", "-9c"]),
  "16 GiB of zeros in xz": () => bombOf(["xz", "-0c"]),
  "16 GiB of zeros in bzip2": () => bombOf(["bzip2", "-9c"]),
  "8 GiB of zeros in LZ4, in a tar": () => inTar("bomb.lz4", bombOf(["lz4", "-1c"], { times: 512 })),
  "8 GiB of zeros in the old LZ4": () => bombOf(["lz4", "-l", "-1c"], { times: 512 }),
  "64 GiB of zeros in Zstandard, in a tar": () => inTar("bomb.zst", zeroBomb(64 * 1024 * mebibyte)),
  "64 GiB of zeros in Zstandard, instead of an image": () => zeroBomb(64 * 1024 * mebibyte),
  "many bombs in one archive": () => {
    const bomb = bombOf(["gzip", "-9c"], { times: 64 });
    return rawTar(
      ...Array.from({ length: 40 }, (_, index) => rawEntry({ name: `bomb${index}.gz`, content: bomb })),
    );
  },
  "gzip in gzip in gzip": () => nested(10),
  "an xz that asks for all memory": () =>
    bombOf(["xz", "--lzma2=preset=0,dict=1536MiB", "-c"], { zeros: 1000, times: 1 }),
  "data that is cut": () => bombOf(["gzip", "-9c"], { times: 2 }).subarray(0, -100),
};
