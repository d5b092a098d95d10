import { rawEntry } from "../../../core/image/test-fixtures.ts";
import { disk, entry, layer, lz4, machine, sized, sparse, withDisk } from "./parts.ts";

/** Archives with other entries than those of an image, by their fault. */
export const badEntries: Readonly<Record<string, Buffer>> = {
  "an empty disk": await lz4(machine, layer, rawEntry({ name: "disk.img" })),
  "no disk": await lz4(machine, layer),
  "an entry twice": await lz4(machine, layer, disk, machine),
  "an entry twice, once with ./": await lz4(machine, layer, disk, rawEntry({ name: "./machine.json" })),
  "an unknown entry": await entry("notes.txt"),
  "an unknown entry with an escape sequence": await entry("\x1b[2J"),
  "an entry without a name": await entry(""),
  "an absolute path": await entry("/disk.img"),
  "a path out of the folder": await entry("../disk.img"),
  "a path below a folder": await entry("image/disk.img"),
  "a folder": await entry("disk.img", "5"),
  "a hard link": await entry("disk.img", "1"),
  "a symbolic link": await entry("disk.img", "2"),
  "a character device": await entry("disk.img", "3"),
  "a block device": await entry("disk.img", "4"),
  "a named pipe": await entry("disk.img", "6"),
  "an unknown type": await entry("disk.img", "Z"),
  "a long name": await entry("././@LongLink", "L"),
  "a disk of 50 GiB": await withDisk(sized(50n * 1024n ** 3n)),
  "a sparse disk with 50 GiB of data": await withDisk(
    sparse(50 * 1024 ** 3 - 512, 0, 50 * 1024 ** 3 - 512),
    "S",
  ),
  "a tar archive in a tar archive": await lz4(rawEntry({ name: "image.tar", content: "tar" })),
  "a name in capitals": await entry("DISK.IMG"),
  "a name with a space after it": await entry("disk.img "),
  "a name with ./ twice": await entry("././disk.img"),
  "a name with a backslash": await entry("..\\disk.img"),
  "a name that is not UTF-8": await withDisk((header) => header.write("\xff\xfe", 0, "latin1")),
};
