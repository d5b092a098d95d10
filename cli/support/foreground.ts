import { readStat } from "../../core/process/process-tree.ts";

/** Whether this process's group is the one that may read and change the terminal. False where the system can't tell. */
export function isInForeground(): boolean {
  const own = readStat(process.pid);
  return own !== undefined && own.group === own.foregroundGroup;
}
