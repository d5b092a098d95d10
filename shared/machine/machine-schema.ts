import { z } from "zod";
import { choice, strictObject, wholeNumber } from "../errors/schema-issues.ts";

/** The most processors of all sockets together: the limit of pc-i440fx machines. */
const maximumCpus = 255;

export const cpuCount = wholeNumber(maximumCpus);
export const memorySize = wholeNumber(1_048_576, " of MiB");

const macRule = "must be six pairs of lower-case hex digits with colons, the second digit 2, 6, a or e";

/** Locally administered, unicast, lower case. */
export const macAddress = z.string({ error: macRule }).regex(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/, macRule);

const uuidRule =
  "must be a UUID of version 1 to 5 and variant 8 to b, as in 52bab607-10f1-4049-a0f8-ee4725cb715b";
/** Workers refuse other versions, the nil UUID, and variants other than that of RFC 9562. */
const uuidPattern =
  /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/;

export const networkDevice = choice(["rtl8139", "e1000"]);
export const hdaDevices = ["hda-duplex", "hda-micro", "hda-output"] as const;
export const hdaControllers = ["intel-hda", "ich9-intel-hda"] as const;

// biome-ignore format: one line reads better than forty.
export const keyboardLayout = choice([
  "ar", "da", "de", "de-ch", "en-gb", "en-us", "es", "et", "fi", "fo", "fr", "fr-be", "fr-ca", "fr-ch", "hr", "hu",
  "is", "it", "ja", "lt", "lv", "mk", "nl", "nl-be", "no", "pl", "pt", "pt-br", "ru", "sl", "sv", "th", "tr",
]);

/**
 * machine.json, version 1: which virtual hardware a guest sees. The order of the keys is the order in which they are
 * written. The values without a default (`threads`, `cores`, `sockets`, `memory`) are derived from the host when
 * absent.
 */
export const machineSchema = strictObject({
  version: z.literal(1, { error: "must be 1" }).describe("Version of this format."),
  uuid: z
    .string({ error: uuidRule })
    .regex(uuidPattern, uuidRule)
    .toLowerCase()
    .default("52bab607-10f1-4049-a0f8-ee4725cb715b")
    .describe(
      "UUID that the firmware reports to the guest, in lower case. Version 1 to 5 and variant 8 to b: workers refuse others.",
    ),
  chipset: choice(["pc-i440fx-2.8"])
    .default("pc-i440fx-2.8")
    .describe("Chipset. If QEMU no longer has it, Tinsmith uses the nearest newer one."),
  cpu: choice(["host"])
    .default("host")
    .describe("CPU model. Without KVM: every feature that QEMU can emulate."),
  flags: z
    .tuple([], { error: "must be an empty list: no CPU flag is defined" })
    .default([])
    .describe("CPU flags. None is defined yet."),
  threads: cpuCount.optional().describe("Threads per core; by default derived from the host."),
  cores: cpuCount.optional().describe("Cores per socket; by default derived from the host."),
  sockets: cpuCount.optional().describe("CPU sockets; by default derived from the host."),
  memory: memorySize.optional().describe("Memory in MiB. By default, the host decides."),
  usb: choice(["piix3-usb-uhci", "piix4-usb-uhci", "nec-usb-xhci"])
    .default("nec-usb-xhci")
    .describe("USB controller: two for USB 1.1, and nec-usb-xhci for USB 3."),
  network: networkDevice.default("e1000").describe("Network card."),
  mac: macAddress.default("aa:54:1a:30:5c:de").describe("MAC address, locally administered and unicast."),
  storage: choice(["virtio-blk-pci"]).default("virtio-blk-pci").describe("Storage controller of the disk."),
  graphics: choice(["VGA", "vmware-svga", "qxl-vga", "virtio-vga"])
    .default("qxl-vga")
    .describe("Graphics card."),
  sound: choice([
    "none",
    "AC97",
    "ES1370",
    ...hdaDevices.flatMap((device) => hdaControllers.map((controller) => `${device}/${controller}` as const)),
  ])
    .default("none")
    .describe("Sound card; for High Definition Audio, codec/controller."),
  keyboard: choice(["usb-kbd", "PS/2"]).default("usb-kbd").describe("Keyboard."),
  keyboardLayout: keyboardLayout
    .default("en-us")
    .describe("Keyboard layout. Maps typed characters to the guest's key codes."),
  mouse: choice(["usb-mouse", "PS/2"]).default("usb-mouse").describe("Mouse."),
  tablet: choice(["usb-tablet", "none"])
    .default("usb-tablet")
    .describe("Pointer with absolute positions: the guest's pointer follows yours."),
}).refine((machine) => cpuProduct(machine) <= maximumCpus, {
  error: `threads x cores x sockets must be at most ${maximumCpus}`,
  // Also while other keys have issues, so that all issues are found at once.
  when: ({ value }) => cpuCounts.safeParse(value).success,
});

const cpuCounts = z.object({
  threads: cpuCount.optional(),
  cores: cpuCount.optional(),
  sockets: cpuCount.optional(),
});

function cpuProduct(counts: z.output<typeof cpuCounts>): number {
  return (counts.threads ?? 1) * (counts.cores ?? 1) * (counts.sockets ?? 1);
}
