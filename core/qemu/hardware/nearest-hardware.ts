import type { QemuCapabilities } from "./capabilities.ts";

/** The keys of machine.json that name hardware that QEMU must have, each with its name for people. */
export const hardwareParts = {
  chipset: "machine type",
  usb: "USB controller",
  network: "network card",
  storage: "storage device",
  graphics: "graphics card",
  sound: "sound card",
  keyboard: "keyboard",
  keyboardLayout: "keyboard layout",
  mouse: "mouse",
  tablet: "tablet",
} as const;
export type HardwarePart = keyof typeof hardwareParts;

/**
 * The devices that resemble a device, most similar first. Every graphics card starts as a plain VGA card, for which
 * every guest has a driver, so that card is the nearest to all of them.
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
 * The hardware of the QEMU at hand that is nearest to the one that a machine.json names, preferably that itself;
 * undefined without any.
 */
export function nearestHardware(
  part: HardwarePart,
  wanted: string,
  { machineTypes, keymaps, devices }: QemuCapabilities,
): string | undefined {
  if (part === "chipset") return nearestMachineType(wanted, machineTypes);
  if (part === "keyboardLayout") return nearestKeymap(wanted, keymaps);
  return nearestDevice(wanted, devices);
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
