import { onTestFinished } from "vitest";
import type { FileEntry, FileSystem } from "../../file-systems/file-system.ts";
import { sourceOfBytes } from "../../file-systems/test-source.ts";
import { type Contents, createContents } from "./contents.ts";

/** A folder's entries by name: the content of a file, or a folder. */
export interface TestFolder {
  readonly [name: string]: string | Buffer | TestFolder;
}

/** A file system in memory, whose names are as Latin-1. @param more other properties of entries, by name */
export function fileSystemOf(
  files: TestFolder,
  more: Readonly<Record<string, Partial<FileEntry>>> = {},
): FileSystem {
  const contents = new Map<number, Buffer>();
  const folders = new Map<number, FileEntry[]>();
  let next = 1;
  const add = (name: string, content: string | Buffer | TestFolder): FileEntry => {
    const inode = next++;
    const isFile = typeof content === "string" || Buffer.isBuffer(content);
    const bytes = isFile ? Buffer.from(content) : undefined;
    const size = bytes?.length ?? 0;
    const entry: FileEntry = {
      ...{ name: Buffer.from(name, "latin1"), kind: isFile ? "file" : "folder", inode, links: 1 },
      ...{ mode: isFile ? 0o644 : 0o755, uid: 0, gid: 0, modified: 0, size, allocated: size },
      ...more[name],
    };
    if (bytes) contents.set(entry.inode, bytes);
    else {
      const children = Object.entries(content as TestFolder).map((child) => add(...child));
      folders.set(entry.inode, children);
    }
    return entry;
  };
  const root = add("", files);
  return {
    ...{ format: "test", label: "", size: undefined, used: undefined, notes: [], root },
    list: async function* ({ inode }) {
      yield* folders.get(inode) ?? [];
    },
    open: async ({ inode }) => sourceOfBytes(contents.get(inode) as Buffer),
  };
}

/** The contents of an image with one file system. Its archives are not opened. */
export function contentsOf(...system: Parameters<typeof fileSystemOf>): Contents {
  const cleanup = new AsyncDisposableStack();
  onTestFinished(() => cleanup.disposeAsync());
  return createContents("test.img", fileSystemOf(...system), {
    folder: "/nowhere",
    cleanup,
    decompressed: { bytes: 0 },
  });
}
