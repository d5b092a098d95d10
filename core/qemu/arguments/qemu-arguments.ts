import { AppError } from "../../../shared/errors/errors.ts";
import { type CdRoms, cdRomArguments, type Disk, diskArguments } from "./block-arguments.ts";
import { isoKernelArguments, type KernelBoot, kernelArguments } from "./kernel-arguments.ts";
import { type GuestNetwork, networkArguments } from "./network-arguments.ts";
import { absolute, option } from "./option.ts";
import type { Resources } from "./resources.ts";

export type { CdRoms, Disk, GuestNetwork, KernelBoot };

/** The hardware of a machine, by the names of devices that the QEMU at hand has. */
export type Hardware = {
  readonly [Key in
    | "uuid"
    | "usb"
    | "network"
    | "mac"
    | "storage"
    | "graphics"
    | "sound"
    | "keyboard"
    | "keyboardLayout"
    | "mouse"
    | "tablet"]: string;
};

/** The platform that the machine runs on. */
export interface Platform {
  /** As in `-machine help`. */
  readonly machineType: string;
  readonly accelerator: "kvm" | "tcg";
  /** CPU model, as in `-cpu help`. */
  readonly cpu: string;
}

/** All paths are absolute. */
export interface QemuOptions {
  /** Shown in window titles and QEMU's own messages. */
  readonly name: string;
  readonly machine: Hardware;
  readonly resources: Resources;
  readonly platform: Platform;
  /** Unix sockets: QEMU connects to `qmp`, which must exist, and makes the other two. */
  readonly sockets: { readonly qmp: string; readonly serial: string; readonly vnc: string };
  readonly disk: Disk;
  readonly cdRoms?: CdRoms;
  readonly network: GuestNetwork;
  /** TCP port on the loopback that shows the screen too, from 5900 up. */
  readonly vncPort?: number;
  readonly kernel?: KernelBoot;
  /** The value of `-sandbox`, as `findSandbox` finds it. */
  readonly sandbox?: string | undefined;
  /** The devices that give each of several machines with one state randomness of its own, as far as QEMU has them. */
  readonly freshness?: readonly FreshnessDevice[];
}

/** The devices of `QemuOptions.freshness`: one tells the guest that it was restored, the other gives it random bytes. */
export const freshnessDevices = ["vmgenid", "virtio-rng-pci"] as const;
type FreshnessDevice = (typeof freshnessDevices)[number];

/**
 * The arguments that make QEMU the given virtual machine, halted until QMP says `cont`. Every device has a fixed
 * place, so that a guest sees the same hardware each time.
 *
 * @throws AppError `path-too-long` for a MetaService socket that the relay can't be given, `usage` for a port that
 *   is not VNC's
 */
export function qemuArguments(options: QemuOptions): string[] {
  const { machine, resources, platform } = options;
  return [
    "-S",
    "-nodefaults",
    "-no-user-config",
    ...(options.sandbox === undefined ? [] : ["-sandbox", options.sandbox]),
    "-name",
    option({ guest: options.name }),
    "-uuid",
    machine.uuid,
    "-machine",
    option({ type: platform.machineType }),
    "-accel",
    option({ accel: platform.accelerator, thread: platform.accelerator === "tcg" ? "multi" : undefined }),
    "-cpu",
    platform.cpu,
    "-smp",
    processors(resources),
    "-m",
    option({ size: `${resources.memory}M` }),
    "-boot",
    option({ menu: "off", strict: "on" }),
    "-rtc",
    option({ base: "utc" }),
    ...kernelArguments(options.kernel),
    ...isoKernelArguments(options.cdRoms?.bootKernel),
    ...controlArguments(options),
    ...screenArguments(options),
    ...usbArguments(machine),
    "-device",
    option({ driver: "virtio-balloon-pci", id: "balloon", bus: "pci.0", addr: "0x4" }),
    ...networkArguments(options.network, machine.network, machine.mac),
    ...soundArguments(machine.sound),
    ...diskArguments(options.disk, machine.storage),
    ...cdRomArguments(options.cdRoms ?? {}),
    ...(options.freshness ?? []).flatMap(freshnessArguments),
  ];
}

function processors({ threads, cores, sockets }: Resources): string {
  return option({ cpus: threads * cores * sockets, threads, cores, sockets });
}

/** QEMU's name for the first serial port's other end. */
export const serialChannel = "serial";

/** QMP and the first serial port. */
function controlArguments({ sockets }: QemuOptions): string[] {
  return [
    "-chardev",
    option({ backend: "socket", id: "qmp", path: absolute(sockets.qmp) }),
    "-mon",
    option({ chardev: "qmp", mode: "control" }),
    "-chardev",
    option({
      backend: "socket",
      id: serialChannel,
      path: absolute(sockets.serial),
      server: "on",
      wait: "off",
    }),
    "-device",
    option({ driver: "isa-serial", id: "serial-port", chardev: serialChannel }),
  ];
}

/** QEMU takes a display number in place of a port, and counts displays from this port on. */
const firstVncPort = 5900;

function screenArguments({ machine, sockets, vncPort }: QemuOptions): string[] {
  const share = "force-shared";
  return [
    "-vnc",
    option({ vnc: `unix:${absolute(sockets.vnc)}`, share }),
    ...(vncPort === undefined ? [] : ["-vnc", option({ vnc: `127.0.0.1:${displayNumber(vncPort)}`, share })]),
    "-k",
    machine.keyboardLayout,
    "-device",
    option({ driver: machine.graphics, id: "graphics", bus: "pci.0", addr: "0x2" }),
  ];
}

function displayNumber(port: number): number {
  if (port >= firstVncPort && port <= 65_535) return port - firstVncPort;
  throw new AppError({
    code: "usage",
    message: `${port} is not a port for VNC`,
    advice: `Give a port from ${firstVncPort} to 65535.`,
  });
}

/** The USB controller and the attached devices; a PS/2 keyboard or mouse is part of every PC. */
function usbArguments({ usb, keyboard, mouse, tablet }: Hardware): string[] {
  const plug = (driver: string, id: string, port: string) => [
    "-device",
    option({ driver, id, bus: "usb.0", port }),
  ];
  // USB 1.1 controllers have two ports only: with three devices, the second one holds a hub.
  const needsHub = usb.endsWith("-uhci") && tablet === "usb-tablet";
  return [
    "-device",
    option({ driver: usb, id: "usb", bus: "pci.0", addr: "0x3" }),
    ...(keyboard === "usb-kbd" ? plug("usb-kbd", "keyboard", "1") : []),
    ...(needsHub ? plug("usb-hub", "usb-hub", "2") : []),
    ...(mouse === "usb-mouse" ? plug("usb-mouse", "mouse", needsHub ? "2.1" : "2") : []),
    ...(tablet === "usb-tablet" ? plug("usb-tablet", "tablet", needsHub ? "2.2" : "3") : []),
  ];
}

/** A sound card that plays to nobody: QEMU refuses one without any backend. */
function soundArguments(sound: string): string[] {
  if (sound === "none") return [];
  const backend = ["-audiodev", option({ driver: "none", id: "audio" })];
  const place = { id: "sound", bus: "pci.0", addr: "0x6" };
  const [device, controller] = sound.split("/");
  if (controller === undefined) {
    return [...backend, "-device", option({ driver: device, ...place, audiodev: "audio" })];
  }
  return [
    ...backend,
    "-device",
    option({ driver: controller, ...place }),
    "-device",
    option({ driver: device, id: "sound-codec", bus: "sound.0", cad: 0, audiodev: "audio" }),
  ];
}

/** Behind all other devices, none of which moves. */
function freshnessArguments(device: FreshnessDevice): string[] {
  if (device === "vmgenid") return ["-device", option({ driver: device, id: "generation", guid: "auto" })];
  return [
    "-object",
    option({ "qom-type": "rng-builtin", id: "random" }),
    "-device",
    option({ driver: device, id: "random-source", rng: "random", bus: "pci.0", addr: "0x9" }),
  ];
}
