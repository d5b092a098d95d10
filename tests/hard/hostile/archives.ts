import { gzipSync } from "node:zlib";
import { tarFields } from "../../../core/image/tar/tar-header.ts";
import { paxEntry, rawEntry, rawTar } from "../../../core/image/test-fixtures.ts";
import type { HostileImage } from "./hostile-image.ts";

/** A header of cpio's format newc with any numbers. */
function cpioEntry(name: string, fields: Readonly<Record<number, number>> = {}): Buffer {
  const numbers = [1, 0o100644, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.length + 1, 0];
  for (const [at, value] of Object.entries(fields)) numbers[Number(at)] = value;
  const head = `070701${numbers.map((value) => value.toString(16).padStart(8, "0")).join("")}${name}\0`;
  return Buffer.from(head.padEnd(Math.ceil(head.length / 4) * 4, "\0"));
}
const fileSize = 6;
const nameSize = 11;
const mode = 1;

/** A number in base 256, as GNU tar has those that are too large for digits. */
function hugeSize(header: Buffer): void {
  header.fill(0xff, tarFields.size.start, tarFields.size.start + 12);
  header[tarFields.size.start] = 0x80;
}

/** A sparse file that claims its size in PAX records. */
function sparseFile(size: string, map: string): Buffer {
  return Buffer.concat([
    paxEntry([
      ["GNU.sparse.major", "0"],
      ["GNU.sparse.minor", "1"],
      ["GNU.sparse.size", size],
      ["GNU.sparse.map", map],
    ]),
    rawEntry({ name: "sparse", content: "data" }),
  ]);
}

const long = "d/".repeat(45);

/** Archives whose entries lie, contradict each other, or are too many. */
export const archiveImages: Readonly<Record<string, HostileImage>> = {
  "a tar with a file of 8 EiB": () => rawTar(rawEntry({ name: "huge", change: hugeSize })),
  "a tar with a sparse file of 8 PiB": () => rawTar(sparseFile("9007199254740991", "0,4")),
  "a tar with a sparse file whose map is longer than it": () =>
    rawTar(sparseFile("10", "0,4,8,9007199254740991")),
  "a tar with many sparse files of 8 PiB": () =>
    rawTar(...Array.from({ length: 3000 }, () => sparseFile("9007199254740991", "0,4"))),
  "a tar of links to each other": () =>
    rawTar(
      rawEntry({ name: "a", type: "1", linkName: "b" }),
      rawEntry({ name: "b", type: "1", linkName: "a" }),
      rawEntry({ name: "c", type: "2", linkName: "c" }),
      rawEntry({ name: "d", type: "5" }),
      rawEntry({ name: "d", type: "1", linkName: "d" }),
    ),
  "a tar that leads out of itself": () =>
    rawTar(
      ...["../outside", "/outside", "a/../../outside", "a/./b//c"].map((name) =>
        rawEntry({ name, content: "a needle" }),
      ),
      rawEntry({ name: "link", type: "2", linkName: "/" }),
      rawEntry({ name: "link/outside", content: "a needle" }),
    ),
  "a tar that contains archives of its own name": () => {
    let inner = rawTar(rawEntry({ name: "needle" }));
    for (let level = 0; level < 50; level += 1)
      inner = rawTar(rawEntry({ name: "self.tar", content: inner }));
    return inner;
  },
  "a tar with 270,000 folders": () =>
    gzipSync(
      Buffer.concat(Array.from({ length: 6_000 }, (_, index) => rawEntry({ name: `${index}/${long}` }))),
    ),
  "a tar with 300,000 names": () => {
    const name = (index: number) => `${index}`.padEnd(60, "-a-long-name");
    const entries = Array.from({ length: 300_000 }, (_, index) =>
      rawEntry({ name: name(index), content: "x" }),
    );
    return gzipSync(rawTar(Buffer.concat(entries)), { level: 1 });
  },
  "a tar with a name of 100 MB": () =>
    rawTar(paxEntry([["path", "x/".repeat(50_000_000)]]), rawEntry({ name: "a" })),
  "a cpio with a file of 4 GiB": () => cpioEntry("huge", { [fileSize]: 0xffff_ffff }),
  "a cpio with a name of 4 GiB": () => cpioEntry("name", { [nameSize]: 0xffff_ffff }),
  "a cpio with the target of a link of 4 GiB": () =>
    cpioEntry("link", { [fileSize]: 0xffff_ffff, [mode]: 0o120777 }),
  "a cpio with 300,000 folders": () => {
    const entries = Array.from({ length: 300_000 }, (_, index) =>
      cpioEntry(`folder ${index}`, { [mode]: 0o040755 }),
    );
    return gzipSync(Buffer.concat(entries), { level: 1 });
  },
};
