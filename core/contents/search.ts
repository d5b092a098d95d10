import { mayHoldFiles } from "../../shared/contents/holds-files.ts";
import { maxFound, type SearchedPart } from "../../shared/contents/search.ts";
import type { ByteSource } from "../file-systems/byte-source.ts";
import { matchName } from "./match-name.ts";
import { readData } from "./read-all.ts";
import type { Contents, Place } from "./tree/contents.ts";
import { showRawName } from "./tree/raw-name.ts";
import { walk } from "./tree/walk.ts";

/** The words and the place of a search. */
export interface Search {
  readonly from: Place;
  /** For names, as `matchName` takes it. */
  readonly text: string;
  readonly part: SearchedPart;
}

/**
 * Finds the files below a place whose name or content has a text, also in archives. Parts that can't be read are passed over.
 *
 * @returns whether all files were looked at: the search ends when it has found `maxFound`
 */
export async function* search(
  contents: Contents,
  { from, text, part }: Search,
): AsyncGenerator<Place, boolean> {
  let found = 0;
  const matchesPath = matchName(text);
  const matches = part === "names" ? ({ path }: Place) => matchesPath(path) : matchesContent(contents, text);
  for await (const place of walk(contents, from, { levels: true, onProblem: () => {} })) {
    if (!(await matches(place))) continue;
    yield place;
    if (++found === maxFound) return false;
  }
  return true;
}

function matchesContent(contents: Contents, text: string): (place: Place) => Promise<boolean> {
  const wanted = Buffer.from(text);
  return async (place) => {
    const { entry, system } = place;
    if (entry.kind !== "file" || system.isContainer || entry.size < wanted.length) return false;
    // The files in it are searched, and one of them has the text.
    if (mayHoldFiles(showRawName(entry.name)) && (await holdsFiles(contents, place))) return false;
    return await contents
      .open(place)
      .then((source) => includes(source, wanted))
      .catch(() => false);
  };
}

async function holdsFiles(contents: Contents, place: Place): Promise<boolean> {
  return (await contents.enter(place).catch(() => undefined)) !== undefined;
}

async function includes(source: ByteSource, wanted: Buffer): Promise<boolean> {
  let rest = Buffer.alloc(0);
  let end = 0;
  for await (const { position, bytes } of readData(source)) {
    const before = position === end ? rest : Buffer.alloc(0);
    if (Buffer.concat([before, bytes.subarray(0, wanted.length)]).includes(wanted) || bytes.includes(wanted))
      return true;
    rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - wanted.length + 1)));
    end = position + bytes.length;
  }
  return false;
}
