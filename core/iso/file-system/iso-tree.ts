import { toAppError } from "../../../shared/errors/errors.ts";
import { type IsoNode, openIsoFolders } from "../../file-systems/iso/iso-folders.ts";
import type { Volume } from "../../file-systems/iso/volume.ts";
import type { IsoFile } from "./iso-file.ts";

/** Files of a folder that are looked at: thousands. */
const maxNames = 10_000;

/** A file in an ISO. */
export interface IsoEntry {
  /** Bytes from the beginning of the ISO. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** The files of an ISO. */
export interface IsoTree {
  /** Finds a file by its path; undefined if there is none. A name that differs in case only is found as well. */
  readonly find: (path: string) => Promise<IsoEntry | undefined>;
  /** Reads a file of text; undefined if there is none, or if it is larger than `maxTextBytes`. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

/** Bytes of a file of text that are read, such as of a boot loader's configuration. */
const maxTextBytes = 512 * 1024;

/**
 * Gives access to the files of an ISO by path. Only the folders of a path are read, each once, so that folders that
 * contain each other can't make it endless.
 */
export async function createIsoTree(file: IsoFile, volume: Volume): Promise<IsoTree> {
  const tree = await openIsoFolders(file, volume);
  const folders = new Map<number, Promise<ReadonlyMap<string, IsoNode>>>();
  const namesIn = async (folder: IsoNode) => {
    const names = new Map<string, IsoNode>();
    try {
      for await (const node of tree.list(folder)) {
        names.set(node.name.toString(), node);
        if (names.size === maxNames) break;
      }
    } catch (error) {
      // The rest of a damaged folder is missing, as the note on a truncated ISO says.
      if (toAppError(error).code !== "damaged-file-system") throw error;
    }
    return names;
  };
  const open = (folder: IsoNode) => {
    const place = folder.parts[0]?.offset ?? 0;
    const known = folders.get(place) ?? namesIn(folder);
    folders.set(place, known);
    return known;
  };
  const find = async (path: string) => {
    let current = tree.root;
    for (const part of partsOf(path)) {
      if (!current.isFolder) return undefined;
      const names = await open(current);
      const found = names.get(part) ?? otherCase(names, part);
      if (!found) return undefined;
      current = found;
    }
    return current.isFolder ? undefined : current.parts[0];
  };
  const readText = async (path: string) => {
    const entry = await find(path);
    if (!entry || entry.size > maxTextBytes) return undefined;
    return (await file.readAll(entry.offset, entry.size)).toString("utf8");
  };
  return { find, readText };
}

function otherCase(names: ReadonlyMap<string, IsoNode>, part: string): IsoNode | undefined {
  const wanted = part.toLowerCase();
  for (const [name, node] of names) if (name.toLowerCase() === wanted) return node;
  return undefined;
}

/** The names in a path, without detours. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
