import { AppError } from "../../shared/errors/errors.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import { chooseAccelerator } from "../accelerator/accelerator.ts";
import type { Hardware, Platform } from "../qemu/arguments/qemu-arguments.ts";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { findQemu } from "../qemu/hardware/known-qemu.ts";
import { type HardwarePart, hardwareParts, nearestHardware } from "../qemu/hardware/nearest-hardware.ts";

/** A machine with the hardware that the QEMU at hand has. */
export interface FittedMachine {
  readonly machine: Hardware;
  readonly platform: Platform;
  /** One sentence for each thing that is not as the definition says. */
  readonly notes: readonly string[];
}

interface PlatformOfHost extends FittedMachine {
  readonly program: string;
  /** The reason why it is emulated, as a sentence, if it is. */
  readonly emulation: string | undefined;
}

/**
 * Finds how a machine can run on this host: with which QEMU, accelerator and devices.
 *
 * @param cacheFolder the folder that keeps the known facts about the accelerator
 * @throws AppError `missing-tool` without QEMU, `qemu-failed` when it lacks a device that nothing can stand in for
 */
export async function findPlatform(machine: Machine, cacheFolder: string): Promise<PlatformOfHost> {
  const capabilities = await findQemu(cacheFolder);
  const { accelerator, reason } = await chooseAccelerator(capabilities, { cacheFolder });
  const fitted = fitMachine(machine, capabilities, accelerator);
  const emulation = accelerator === "tcg" ? reason : undefined;
  return { ...fitted, emulation, program: capabilities.program };
}

/** @throws AppError `qemu-failed` when QEMU lacks a device that nothing can stand in for */
export function fitMachine(
  machine: Machine,
  capabilities: QemuCapabilities,
  accelerator: Platform["accelerator"],
): FittedMachine {
  const notes: string[] = [];
  const fit = (part: HardwarePart): string => {
    const wanted = machine[part];
    const found = nearestHardware(part, wanted, capabilities);
    if (found === undefined) throw lacking(part, wanted, capabilities);
    if (found !== wanted)
      notes.push(`This QEMU has no ${hardwareParts[part]} ${wanted}: the guest gets ${found} instead.`);
    return found;
  };
  const platform = {
    machineType: fit("chipset"),
    accelerator,
    cpu: accelerator === "kvm" ? machine.cpu : "max",
  };
  const hardware = {
    ...machine,
    usb: fit("usb"),
    network: fit("network"),
    storage: fit("storage"),
    graphics: fit("graphics"),
    sound: fit("sound"),
    keyboard: fit("keyboard"),
    keyboardLayout: fit("keyboardLayout"),
    mouse: fit("mouse"),
    tablet: fit("tablet"),
  };
  return { machine: hardware, platform, notes };
}

function lacking(part: HardwarePart, wanted: string, { program, version }: QemuCapabilities): AppError {
  return new AppError({
    code: "qemu-failed",
    message: `${program} ${version} has no ${hardwareParts[part]} ${wanted}, and no replacement for it`,
    advice:
      "Install a complete QEMU: on Debian, apt-get install qemu-system-x86. Or name another one in TINSMITH_QEMU.",
  });
}
