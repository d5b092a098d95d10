import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  parseAccelerators,
  parseDevices,
  parseMachineTypes,
  parseVersion,
  type QemuCapabilities,
} from "./capabilities.ts";

/**
 * For tests: what the QEMUs of Debian 11, 12 and 13 answer, recorded from their packages without what these only
 * recommend.
 */
export const recordedVersions = ["5.2", "7.2", "10.0"] as const;

/** The recorded capabilities of that version. */
export function recordedQemu(version: (typeof recordedVersions)[number]): QemuCapabilities {
  const folder = join(import.meta.dirname, "../../../tests/fixtures/qemu", version);
  const read = (name: string) => readFileSync(join(folder, `${name}.txt`), "utf8");
  return {
    program: "qemu-system-x86_64",
    version: parseVersion(read("version")),
    machineTypes: parseMachineTypes(read("machine")),
    accelerators: parseAccelerators(read("accel")),
    devices: parseDevices(read("device")),
    keymaps: read("keymaps").trim().split("\n"),
    dataFolders: [],
  };
}
