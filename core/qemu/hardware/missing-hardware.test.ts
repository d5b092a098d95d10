import { expect, test } from "vitest";
import { findMissingHardware } from "./missing-hardware.ts";
import { recordedQemu, recordedVersions } from "./test-capabilities.ts";

/** No QEMU has it: the next best is its language's. */
const dutchOfBelgium = {
  kind: "keyboard layout",
  wanted: "nl-be",
  instead: "nl",
  debianPackage: undefined,
};

test.each(["5.2", "7.2"] as const)("QEMU %s has every device that a machine.json can name", (version) => {
  expect(findMissingHardware(recordedQemu(version)).gaps).toEqual([dutchOfBelgium]);
});

test("QEMU 10.0 as Debian 13 installs it lacks QXL, which a package of its own brings", () => {
  expect(findMissingHardware(recordedQemu("10.0")).gaps).toEqual([
    {
      kind: "graphics card",
      wanted: "qxl-vga",
      instead: "VGA",
      debianPackage: "qemu-system-modules-spice",
    },
    dutchOfBelgium,
  ]);
});

test("before QXL had a package of its own, it came with the others", () => {
  const qemu = recordedQemu("7.2");
  const devices = qemu.devices.filter((name) => name !== "qxl-vga");
  expect(findMissingHardware({ ...qemu, devices }).gaps[0]).toMatchObject({
    wanted: "qxl-vga",
    debianPackage: "qemu-system-x86",
  });
});

test.each(recordedVersions)("each kind of thing that QEMU %s lacked would be told", (version) => {
  const qemu = recordedQemu(version);
  const without = (name: string) => ({
    ...qemu,
    machineTypes: qemu.machineTypes.filter((one) => one !== name),
    devices: qemu.devices.filter((one) => one !== name),
    keymaps: qemu.keymaps.filter((one) => one !== name),
  });
  const told = (name: string) =>
    findMissingHardware(without(name)).gaps.map(({ wanted, instead }) => `${wanted}: ${instead}`);
  expect(told("pc-i440fx-2.8")).toContain("pc-i440fx-2.8: pc-i440fx-2.9");
  expect(told("nec-usb-xhci")).toContain("nec-usb-xhci: qemu-xhci");
  expect(told("e1000")).toContain("e1000: e1000-82545em");
  expect(told("virtio-blk-pci")).toContain("virtio-blk-pci: undefined");
  expect(told("virtio-vga")).toContain("virtio-vga: VGA");
  expect(told("vmware-svga")).toContain("vmware-svga: VGA");
  expect(told("AC97")).toContain("AC97: none");
  expect(told("ich9-intel-hda")).toContain("hda-output/ich9-intel-hda: hda-output/intel-hda");
  expect(told("usb-kbd")).toContain("usb-kbd: PS/2");
  expect(told("usb-mouse")).toContain("usb-mouse: PS/2");
  expect(told("usb-tablet")).toContain("usb-tablet: none");
  expect(told("de-ch")).toContain("de-ch: de");
});
