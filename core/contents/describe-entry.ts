import type { ContentEntry } from "../../shared/contents/entry.ts";
import { mayHoldFiles } from "../../shared/contents/holds-files.ts";
import type { Place } from "./tree/contents.ts";
import { showRawName } from "./tree/raw-name.ts";

/** An entry as people and programs see it. */
export function describeEntry({ path, entry }: Place): ContentEntry {
  const { kind, mode, uid, gid, modified, size, allocated, links, target, device } = entry;
  const name = showRawName(entry.name);
  return {
    ...{ path, name, kind, size, allocated, links },
    ...(mode !== undefined && { mode }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(modified !== undefined && { modified }),
    ...(target && { target: showRawName(target) }),
    ...(device && { device: `${device.major}:${device.minor}` }),
    mayHoldFiles: kind === "file" && mayHoldFiles(name),
  };
}
