import { machineSchema } from "../../../shared/machine/machine-schema.ts";
import type { QemuCapabilities } from "./capabilities.ts";
import { type HardwarePart, hardwareParts, nearestHardware } from "./nearest-hardware.ts";

/** Something that a machine.json can name, and this QEMU lacks. */
export interface MissingHardware {
  /** The name of such a part for people. */
  readonly kind: string;
  readonly wanted: string;
  /** The guest's replacement for it; without one, a machine that names it is refused. */
  readonly instead: string | undefined;
  /** The Debian package that brings it; absent where none does. */
  readonly debianPackage: string | undefined;
}

/** The hardware that a machine.json can name and this QEMU lacks. */
export function findMissingHardware(capabilities: QemuCapabilities): {
  /** How many things a machine.json can name. */
  readonly named: number;
  readonly gaps: readonly MissingHardware[];
} {
  const all = (Object.keys(hardwareParts) as HardwarePart[]).flatMap((part) =>
    namesOf(part).map((wanted) => ({ part, wanted, found: nearestHardware(part, wanted, capabilities) })),
  );
  const gaps = all
    .filter(({ wanted, found }) => found !== wanted)
    .map(({ part, wanted, found }) => ({
      kind: hardwareParts[part],
      wanted,
      instead: found,
      debianPackage: debianPackage(part, wanted, capabilities.version),
    }));
  return { named: all.length, gaps };
}

/** The names that QEMU must have for each value of that key; some values need none. */
function namesOf(part: HardwarePart): readonly string[] {
  const values: readonly string[] = machineSchema.shape[part].unwrap().options;
  return values.filter((value) => value !== "none" && value !== "PS/2");
}

/** QEMU 5.2, 7.2 and 10.0 have no keymap of that name. */
const layoutOfNoQemu = "nl-be";
/** The first version whose Debian packages (since Debian 13 and Ubuntu 24.04) have QXL apart, for its SPICE library. */
const qxlApart = 8;

function debianPackage(part: HardwarePart, wanted: string, version: string): string | undefined {
  if (wanted === layoutOfNoQemu) return undefined;
  if (part === "keyboardLayout") return "qemu-system-data";
  if (wanted === "qxl-vga" && Number.parseInt(version, 10) >= qxlApart) return "qemu-system-modules-spice";
  return "qemu-system-x86";
}
