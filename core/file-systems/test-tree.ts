import type { FileEntry, FileSystem } from "./file-system.ts";

/** A file that was read, with its content as a text of one character per byte. */
interface ReadFile {
  readonly entry: FileEntry;
  readonly content: string | undefined;
}

/**
 * Reads all entries of a file system and all contents, by their paths. A folder in itself is not entered, and there is a limit to
 * entries: a damaged file system may name one folder many times.
 */
export async function readTree(system: FileSystem, most = 2000): Promise<ReadonlyMap<string, ReadFile>> {
  const found = new Map<string, ReadFile>();
  let count = 0;
  const visit = async (folder: FileEntry, path: string, ancestors: readonly number[]): Promise<void> => {
    for await (const entry of system.list(folder)) {
      if (++count > most) return;
      const inner = path + entry.name.toString();
      const content = entry.kind === "file" ? await readContent(system, entry) : undefined;
      found.set(inner, { entry, content });
      if (entry.kind === "folder" && !ancestors.includes(entry.inode))
        await visit(entry, `${inner}/`, [...ancestors, entry.inode]);
    }
  };
  await visit(system.root, "", [system.root.inode]);
  return found;
}

/** The content of a file, read in pieces of odd sizes. */
async function readContent(system: FileSystem, entry: FileEntry): Promise<string> {
  const source = await system.open(entry);
  const pieces: Buffer[] = [];
  for (let at = 0; at < Math.min(source.size, 2 ** 20); at += 10_007)
    pieces.push(await source.read(at, 10_007));
  return Buffer.concat(pieces).toString("latin1");
}
