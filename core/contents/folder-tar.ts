import { isUtf8 } from "node:buffer";
import type { TarHeader } from "modern-tar";
import { packTar } from "../../shared/contents/pack-tar.ts";
import { DeviceHeaders } from "./device-headers.ts";
import { readAll } from "./read-all.ts";
import { type Contents, isDiskPart, type Place } from "./tree/contents.ts";
import { parseRawName, showRawName } from "./tree/raw-name.ts";
import { walk } from "./tree/walk.ts";

/**
 * The content of a folder as the bytes of a tar archive, with owners, permissions, times and links. Sockets are left out, which tar
 * has no entry for. A name that is not UTF-8 is escaped. A disk or a partition whose files can be read is a folder.
 *
 * @throws AppError `damaged-file-system`
 */
export function tarOfFolder(contents: Contents, folder: Place): AsyncGenerator<Uint8Array> {
  const devices = new DeviceHeaders();
  const tar = packTar(async (controller) => {
    const paths = new Map<number, string>();
    for await (const place of walk(contents, folder)) {
      // As a folder, a disk or a partition is there once: with its files, and not by its bytes, too.
      const isEntered = isDiskPart(place) && (await contents.enter(place)) !== undefined;
      const header = isEntered ? folderHeaderOf(place, folder) : headerOf(place, folder, paths);
      if (!header) continue;
      const { device } = place.entry;
      const writer = controller.add(device ? devices.mark(header, device) : header).getWriter();
      if (header.type === "file")
        for await (const bytes of readAll(await contents.open(place))) await writer.write(bytes);
      await writer.close();
    }
  });
  return devices.fill(tar);
}

/** The time of entries that have none, so that the same content always makes the same bytes. */
const noTime = 0;

const types = {
  file: "file",
  folder: "directory",
  symlink: "symlink",
  fifo: "fifo",
  "char-device": "character-device",
  "block-device": "block-device",
  socket: undefined,
} as const;

/** @param paths those of the files so far, by inode: other names of a file are links to it */
function headerOf({ path, entry }: Place, folder: Place, paths: Map<number, string>): TarHeader | undefined {
  const type = types[entry.kind];
  if (type === undefined) return undefined;
  const name = nameIn(folder, path);
  const isLinked = entry.kind === "file" && entry.links > 1;
  const first = isLinked ? paths.get(entry.inode) : undefined;
  if (isLinked && first === undefined) paths.set(entry.inode, name);
  return {
    name: type === "directory" ? `${name}/` : name,
    type: first === undefined ? type : "link",
    size: first === undefined && type === "file" ? entry.size : 0,
    ...(entry.mode !== undefined && { mode: entry.mode }),
    ...(entry.uid !== undefined && { uid: entry.uid }),
    ...(entry.gid !== undefined && { gid: entry.gid }),
    mtime: new Date(entry.modified ?? noTime),
    ...(first !== undefined && { linkname: first }),
    ...(entry.target && { linkname: textOf(entry.target) }),
  };
}

function folderHeaderOf({ path }: Place, folder: Place): TarHeader {
  return { name: `${nameIn(folder, path)}/`, type: "directory", size: 0, mtime: new Date(noTime) };
}

function nameIn(folder: Place, path: string): string {
  const names = path.slice(folder.path.length).replace(/^\//, "").split("/");
  return names.map((name) => textOf(parseRawName(name))).join("/");
}

/** A name as it is; one that is not UTF-8, escaped. */
function textOf(name: Buffer): string {
  return isUtf8(name) ? name.toString() : showRawName(name);
}
