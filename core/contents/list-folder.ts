import type { ContentEntry } from "../../shared/contents/entry.ts";
import type { FolderContent } from "../../shared/contents/folder-content.ts";
import { describeEntry } from "./describe-entry.ts";
import type { Contents, Place } from "./tree/contents.ts";

/** Entries of a folder that are given at once: more than anybody reads. */
const maxListed = 10_000;

/** Lists a folder, or a file that holds files, for people. @throws AppError as `Contents.list` */
export async function listFolder(contents: Contents, place: Place): Promise<FolderContent> {
  const entries: ContentEntry[] = [];
  let isCut = false;
  for await (const child of contents.list(place)) {
    isCut = entries.length === maxListed;
    if (isCut) break;
    entries.push(describeEntry(child));
  }
  const { system } = (await contents.enter(place)) ?? place;
  const { format, label, size, used, notes, parts } = system;
  return {
    entries: entries.sort((one, other) => (one.name < other.name ? -1 : 1)),
    isCut,
    system: {
      ...{ format, label, notes },
      ...(size !== undefined && { size }),
      ...(used !== undefined && { used }),
    },
    ...(parts && { parts }),
  };
}
