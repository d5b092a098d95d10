import { createStore, type StoreApi } from "zustand/vanilla";
import type { FolderContent } from "../../../shared/contents/folder-content.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";
import { connection, whenConnected } from "../connection/connection.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import {
  chosenAfter,
  foldersAround,
  type ImageTree,
  isFolder,
  type KnownFolder,
  onlyFolder,
  topPath,
} from "./image-tree.ts";
import { byName, type EntrySort } from "./sort-entries.ts";

/** An image whose panel is open. */
export interface OpenedImage extends ImageTree {
  /** The path of the entry that a person has chosen; the top at first. */
  readonly chosen: string;
  /** Of the entries in each folder. */
  readonly sort: EntrySort;
}

interface Opened {
  readonly store: StoreApi<OpenedImage>;
  /** Ends what is being read. */
  controller: AbortController;
}

/** Folders within each other that are opened at once. */
const maxUnfolded = 8;
/** Partitions that are opened at once. */
const maxParts = 8;

const images = createSessionMemory<Opened>(
  () => ({
    store: createStore(() => ({
      ...{ folders: new Map(), open: new Set<string>(), chosen: topPath, sort: byName },
    })),
    controller: new AbortController(),
  }),
  { end: ({ controller }) => controller.abort() },
);

/** The tree of an image, as far as it has been read. @param image the path of its file on the host */
export function openedImage(image: string): StoreApi<OpenedImage> {
  return images.of(image).store;
}

/** Reads the top of an image, unless that is known, and opens the folders that lead to the files of its file systems. */
export async function openTop(image: string): Promise<void> {
  const { store } = images.of(image);
  if (store.getState().folders.has(topPath)) return;
  let path = topPath;
  for (let depth = 0; depth < maxUnfolded; depth += 1) {
    const { content } = await readFolder(image, path);
    if (content?.parts) return await openParts(image, content);
    const only = content && onlyFolder(content);
    if (!only) break;
    path = only.path;
    store.setState(({ open }) => ({ open: new Set([...open, path]), chosen: path }));
  }
}

/** Opens the partitions of a disk that hold files, and chooses the largest of them. */
async function openParts(image: string, { entries }: FolderContent): Promise<void> {
  const parts = entries.filter(isFolder).slice(0, maxParts);
  const read = await Promise.all(
    parts.map(async (entry) => ({ entry, folder: await readFolder(image, entry.path) })),
  );
  const holding = read.filter(({ folder }) => folder.content).map(({ entry }) => entry);
  const [largest] = holding.toSorted((one, other) => other.size - one.size);
  if (!largest) return;
  openedImage(image).setState(({ open }) => ({
    open: new Set([...open, ...holding.map(({ path }) => path)]),
    chosen: largest.path,
  }));
}

/** Opens or closes a folder, or a file that holds files. */
export async function setOpen(image: string, path: string, isOpen: boolean): Promise<void> {
  openedImage(image).setState(({ open, chosen }) => {
    const next = new Set(open);
    if (isOpen) next.add(path);
    else next.delete(path);
    const hidesChosen = !isOpen && /^[/\0]/.test(chosen.slice(path.length)) && chosen.startsWith(path);
    return { open: next, ...(hidesChosen && { chosen: path }) };
  });
  if (isOpen) await readFolder(image, path);
}

export function chooseEntry(image: string, path: string): void {
  openedImage(image).setState({ chosen: path });
}

export function sortImage(image: string, sort: EntrySort): void {
  openedImage(image).setState({ sort });
}

/** Opens all folders around an entry, and chooses it. */
export async function revealEntry(image: string, path: string): Promise<void> {
  for (const folder of foldersAround(path)) await setOpen(image, folder, true);
  chooseEntry(image, path);
}

/** Reads a folder once more that couldn't be read. */
export async function readFolderAgain(image: string, path: string): Promise<void> {
  forgetFolder(image, path);
  if (path === topPath) await openTop(image);
  else await readFolder(image, path);
}

/** Lets images be unpacked into the cache, however large they are. */
export async function confirmUnpacking(...paths: readonly string[]): Promise<void> {
  for (const image of paths) await app().contents.confirmUnpacking({ image });
}

/** Reads the open folders of an image once more: its file may have changed. */
export async function readImageAgain(image: string): Promise<void> {
  const opened = images.of(image);
  opened.controller.abort();
  opened.controller = new AbortController();
  const { open } = opened.store.getState();
  opened.store.setState({ folders: new Map() });
  if (open.size === 0) return await openTop(image);
  await readFolder(image, topPath);
  for (const path of [...open].sort()) await readFolder(image, path);
}

async function readFolder(image: string, path: string): Promise<KnownFolder> {
  const { store, controller } = images.of(image);
  const { signal } = controller;
  const known = store.getState().folders.get(path);
  if (known) return known;
  const keep = (folder: KnownFolder) => {
    if (!signal.aborted)
      store.setState(({ folders, chosen }) => ({
        folders: new Map([...folders, [path, folder]]),
        chosen: chosenAfter(chosen, path, folder),
      }));
    return folder;
  };
  keep({});
  try {
    if (connection.getState().status !== "connected") await whenConnected(signal);
    return keep({ content: await app().contents.list({ image, path }, { signal }) });
  } catch (thrown) {
    return keep({ error: toAppError(thrown).toJSON() });
  }
}

function forgetFolder(image: string, path: string): void {
  openedImage(image).setState(({ folders }) => {
    const next = new Map(folders);
    next.delete(path);
    return { folders: next };
  });
}
