import type { FolderContent } from "../../shared/contents/folder-content.ts";
import { describeEntry } from "./describe-entry.ts";
import { describeSystem } from "./describe-part.ts";
import type { Contents, Place } from "./tree/contents.ts";
import { childrenInOrder } from "./tree/walk.ts";

/** Entries of a folder that are given at once: more than anybody reads. */
const maxListed = 10_000;

/** Lists a folder, or a file that holds files, for people. @throws AppError as `Contents.list` */
export async function listFolder(contents: Contents, place: Place): Promise<FolderContent> {
  const entries: Place[] = [];
  for await (const entry of childrenInOrder(contents, place)) {
    entries.push(entry);
    if (entries.length > maxListed) break;
  }
  const { system } = (await contents.enter(place)) ?? place;
  const { notes, parts } = system;
  return {
    entries: entries.slice(0, maxListed).map(describeEntry),
    isCut: entries.length > maxListed,
    system: { ...describeSystem(system), notes },
    ...(parts && { parts }),
  };
}
