import { readFileSync } from "node:fs";

/** The largest memory of this process so far, in MiB. The peak of `process.resourceUsage` begins with that of the parent. */
export function peakMemory(): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
}
