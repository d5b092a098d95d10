import { packTar, type TarController } from "../../contents/pack-tar.ts";
import { byteLength } from "../../text/path-limits.ts";
import { contentFolder, wholeMark } from "./put-script.ts";
import type { PutEntry } from "./put-source.ts";

/** The bytes of a tar archive of a folder's entries, in the layout that the script in put-script.ts expects. */
export function tarStream(entries: readonly PutEntry[]): AsyncGenerator<Uint8Array, void, void> {
  return packTar(async (controller) => {
    for (const entry of entries) await addEntry(controller, entry);
    await controller.add({ name: wholeMark, size: 0 }).close();
  });
}

/** The names of tar entries. */
const types = { file: "file", folder: "directory", link: "symlink" } as const;

async function addEntry(controller: TarController, entry: PutEntry): Promise<void> {
  const { kind, mode, size, target, read } = entry;
  const writer = controller
    .add({
      name: nameOf(entry),
      size,
      mode,
      type: types[kind],
      ...(target !== undefined && { linkname: target }),
    })
    .getWriter();
  if (kind === "file") for await (const bytes of read()) await writer.write(bytes);
  await writer.close();
}

function nameOf({ path, kind }: PutEntry): string {
  return [contentFolder, path].filter(Boolean).join("/") + (kind === "folder" ? "/" : "");
}

/** Bytes of the two fields of a header that hold a name, and of the one for the path in a link. */
const [prefixBytes, nameBytes] = [155, 100];

/** Whether an entry's paths fit into its header: busybox ignores longer ones, which are in a header of their own. */
export function fitsTarHeader(entry: PutEntry): boolean {
  const name = nameOf(entry);
  const slashes = [...name.matchAll(/\/(?!$)/g)].map(({ index }) => index);
  const isSplit = (at: number) =>
    byteLength(name.slice(0, at)) <= prefixBytes && byteLength(name.slice(at + 1)) <= nameBytes;
  return (
    byteLength(entry.target ?? "") <= nameBytes && (byteLength(name) <= nameBytes || slashes.some(isSplit))
  );
}
