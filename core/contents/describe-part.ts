import type { FolderContent } from "../../shared/contents/folder-content.ts";
import { type Contents, isDiskPart, type Place } from "./tree/contents.ts";

/** The content of a disk or a partition, in a few words. */
export interface PartContent {
  /** Its type, as the partition table of its disk has it; absent for a disk. */
  readonly type?: string;
  /** Its file system or partition table; absent if it can't be read. */
  readonly system?: Omit<FolderContent["system"], "notes">;
}

/** Describes the content of a disk or a partition; undefined for anything else. @throws AppError `timed-out`, `interrupted` */
export async function describePart(contents: Contents, place: Place): Promise<PartContent | undefined> {
  if (!isDiskPart(place)) return undefined;
  const name = place.entry.name.toString();
  const type = place.system.parts?.find((part) => part.name === name)?.type;
  // One that is damaged says so when it is listed.
  const system = (await contents.enter(place).catch(() => undefined))?.system;
  return { ...(type !== undefined && { type }), ...(system && { system: describeSystem(system) }) };
}

/** A file system as people and programs see it, without notes on it. */
export function describeSystem({
  format,
  label,
  size,
  used,
}: Place["system"]): NonNullable<PartContent["system"]> {
  return {
    ...{ format, label },
    ...(size !== undefined && { size }),
    ...(used !== undefined && { used }),
  };
}
