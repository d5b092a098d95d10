import { AppError } from "../../../shared/errors/errors.ts";
import type { PutEntry, PutSource } from "../../../shared/guest/put/put-source.ts";
import { desktop } from "../../client/desktop.ts";

/** A file or folder that was dropped on the window. */
export interface DroppedItem {
  readonly name: string;
  /** Its path on the host; only the desktop app finds that out. */
  readonly hostPath: string | undefined;
  /** Reads it as a browser may. @throws AppError `missing-file` when it is gone */
  readonly read: () => Promise<PutSource>;
}

/** Takes the dropped files and folders, which the browser reveals only while the event is handled. */
export function takeDropped(data: DataTransfer): readonly DroppedItem[] {
  return [...data.items].flatMap((item) => {
    const file = item.getAsFile();
    const entry = item.webkitGetAsEntry();
    if (!file) return [];
    const { name } = file;
    const read = async (): Promise<PutSource> =>
      entry?.isDirectory
        ? { name, kind: "folder", entries: await readFolder(entry as FileSystemDirectoryEntry) }
        : { name, kind: "file", entries: [await fileEntry("", file)] };
    return [{ name, hostPath: desktop()?.pathOf(file) || undefined, read }];
  });
}

const folderMode = 0o755;
const noBytes = async function* () {};

async function readFolder(folder: FileSystemDirectoryEntry, path = ""): Promise<readonly PutEntry[]> {
  const own: PutEntry = { path, kind: "folder", mode: folderMode, size: 0, read: noBytes };
  const entries = [own];
  for (const child of await childrenOf(folder)) {
    const inner = path === "" ? child.name : `${path}/${child.name}`;
    if (child.isDirectory) entries.push(...(await readFolder(child as FileSystemDirectoryEntry, inner)));
    else entries.push(await fileEntry(inner, await fileOf(child as FileSystemFileEntry)));
  }
  return entries;
}

/** A browser gives the entries of a folder in parts; an empty one is the last. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, (error) => reject(unreadable(folder.name, error))),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) =>
    entry.file(resolve, (error) => reject(unreadable(entry.name, error))),
  );
}

async function fileEntry(path: string, file: File): Promise<PutEntry> {
  return { path, kind: "file", mode: await guessMode(file), size: file.size, read: () => readFile(file) };
}

/** The first bytes of programs: of ELF files, and of scripts. */
const programMarks = ["\x7fELF", "#!"];

/** A browser does not reveal the mode of a file: one that begins as a program does becomes executable. */
async function guessMode(file: File): Promise<number> {
  const start = await file
    .slice(0, 4)
    .arrayBuffer()
    .catch((error) => Promise.reject(unreadable(file.name, error)));
  const text = String.fromCharCode(...new Uint8Array(start));
  return programMarks.some((mark) => text.startsWith(mark)) ? 0o755 : 0o644;
}

async function* readFile(file: File): AsyncGenerator<Uint8Array, void, void> {
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw unreadable(file.name, error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function unreadable(name: string, cause: unknown): AppError {
  return new AppError(
    {
      code: "missing-file",
      message: `${name} can't be read: it was changed or removed after you dropped it, or this user may not read it`,
      advice: "Drop it again.",
    },
    { cause },
  );
}
