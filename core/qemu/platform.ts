import { AppError } from "../../shared/errors.ts";
import type { Machine } from "../../shared/machine.ts";
import { chooseAccelerator } from "./accelerator.ts";
import type { Hardware, Platform } from "./args.ts";
import { askQemu, type QemuCapabilities } from "./capabilities.ts";

/** A machine as the QEMU at hand can give it. */
export interface FittedMachine {
  readonly machine: Hardware;
  readonly platform: Platform;
  /** One sentence for each thing that is not as the definition says. */
  readonly notes: readonly string[];
}

/**
 * What resembles a device most, best first. Every graphics card starts as a plain VGA card, for which every guest
 * has a driver, so that is the nearest to all of them.
 */
const substitutes: Readonly<Record<string, readonly string[]>> = {
  VGA: ["virtio-vga", "qxl-vga", "vmware-svga"],
  "qxl-vga": ["VGA", "virtio-vga", "vmware-svga"],
  "virtio-vga": ["VGA", "qxl-vga", "vmware-svga"],
  "vmware-svga": ["VGA", "virtio-vga", "qxl-vga"],
  "nec-usb-xhci": ["qemu-xhci", "piix4-usb-uhci", "piix3-usb-uhci"],
  "piix3-usb-uhci": ["piix4-usb-uhci", "qemu-xhci", "nec-usb-xhci"],
  "piix4-usb-uhci": ["piix3-usb-uhci", "qemu-xhci", "nec-usb-xhci"],
  e1000: ["e1000-82545em", "rtl8139"],
  rtl8139: ["e1000"],
  "usb-kbd": ["PS/2"],
  "usb-mouse": ["PS/2"],
  "usb-tablet": ["none"],
  AC97: ["none"],
  ES1370: ["none"],
  "hda-duplex/intel-hda": ["hda-duplex/ich9-intel-hda", "none"],
  "hda-duplex/ich9-intel-hda": ["hda-duplex/intel-hda", "none"],
  "hda-micro/intel-hda": ["hda-micro/ich9-intel-hda", "none"],
  "hda-micro/ich9-intel-hda": ["hda-micro/intel-hda", "none"],
  "hda-output/intel-hda": ["hda-output/ich9-intel-hda", "none"],
  "hda-output/ich9-intel-hda": ["hda-output/intel-hda", "none"],
};

/**
 * Finds out how a machine can run on this host: which QEMU, which accelerator, which devices.
 *
 * @param cacheFolder where what is known of the accelerator is kept
 * @throws AppError `missing-tool` without QEMU, `qemu-failed` when it lacks a device that nothing can stand in for
 */
export async function findPlatform(
  machine: Machine,
  cacheFolder: string,
): Promise<FittedMachine & { readonly program: string }> {
  const capabilities = await askQemu();
  const { accelerator, reason } = await chooseAccelerator(capabilities, { cacheFolder });
  const fitted = fitMachine(machine, capabilities, accelerator);
  const notes = accelerator === "tcg" ? [reason, ...fitted.notes] : fitted.notes;
  return { ...fitted, notes, program: capabilities.program };
}

/** @throws AppError `qemu-failed` when QEMU lacks a device that nothing can stand in for */
export function fitMachine(
  machine: Machine,
  capabilities: QemuCapabilities,
  accelerator: Platform["accelerator"],
): FittedMachine {
  const notes: string[] = [];
  const fit = (kind: string, wanted: string, found: string | undefined): string => {
    if (found === undefined) throw lacking(kind, wanted, capabilities);
    if (found !== wanted) notes.push(`This QEMU has no ${kind} ${wanted}: the guest gets ${found} instead.`);
    return found;
  };
  const device = (kind: string, wanted: string) =>
    fit(kind, wanted, nearestDevice(wanted, capabilities.devices));

  const platform = {
    machineType: fit(
      "machine type",
      machine.chipset,
      nearestMachineType(machine.chipset, capabilities.machineTypes),
    ),
    accelerator,
    cpu: accelerator === "kvm" ? machine.cpu : "max",
  };
  const hardware = {
    ...machine,
    usb: device("USB controller", machine.usb),
    network: device("network card", machine.network),
    storage: device("storage device", machine.storage),
    graphics: device("graphics card", machine.graphics),
    sound: device("sound card", machine.sound),
    keyboard: device("keyboard", machine.keyboard),
    mouse: device("mouse", machine.mouse),
    tablet: device("tablet", machine.tablet),
    keyboardLayout: fit(
      "keyboard layout",
      machine.keyboardLayout,
      nearestKeymap(machine.keyboardLayout, capabilities.keymaps),
    ),
  };
  return { machine: hardware, platform, notes };
}

function lacking(kind: string, wanted: string, { program, version }: QemuCapabilities): AppError {
  return new AppError({
    code: "qemu-failed",
    message: `${program} ${version} has no ${kind} ${wanted}, nor one that could stand in for it`,
    advice: "Install a complete QEMU, or name another one in TINSMITH_QEMU.",
  });
}

/** The device itself, or the best of its substitutes. */
function nearestDevice(wanted: string, devices: readonly string[]): string | undefined {
  const isThere = (name: string) =>
    name === "none" || name === "PS/2" || name.split("/").every((part) => devices.includes(part));
  return [wanted, ...(substitutes[wanted] ?? [])].find(isThere);
}

/**
 * The machine type itself, else the oldest one of the same family that is newer, else the family's newest, `pc`:
 * the further apart two versions are, the more the hardware that a guest sees has changed.
 */
export function nearestMachineType(wanted: string, types: readonly string[]): string | undefined {
  if (types.includes(wanted)) return wanted;
  const [family, wantedVersion] = splitVersion(wanted);
  const newer = types
    .map((type) => ({ type, family: splitVersion(type)[0], version: splitVersion(type)[1] }))
    .filter((candidate) => candidate.family === family && candidate.version > wantedVersion)
    .sort((one, other) => one.version - other.version);
  return newer[0]?.type ?? types.find((type) => type === "pc");
}

/** `pc-i440fx-2.10` is of the family `pc-i440fx-`, version 2010: later than 2.9. */
function splitVersion(type: string): [family: string, version: number] {
  const match = /^(.*-)(\d+)\.(\d+)$/.exec(type);
  return match ? [match[1] ?? "", Number(match[2]) * 1000 + Number(match[3])] : [type, 0];
}

/** The layout's own keymap, else its language's, else the default. */
export function nearestKeymap(layout: string, keymaps: readonly string[]): string | undefined {
  const language = layout.split("-")[0] ?? layout;
  return [layout, language, "en-us"].find((name) => keymaps.includes(name));
}
