import { expect, test } from "vitest";
import { parseMachine } from "../../../shared/machine/machine.ts";
import { keyboardLayout as layoutSchema } from "../../../shared/machine/machine-schema.ts";
import { fitMachine } from "../../vm/platform.ts";
import { recordedQemu, recordedVersions } from "./test-capabilities.ts";

test.each(recordedVersions)("QEMU %s is understood", (version) => {
  const { version: said, accelerators, machineTypes, devices } = recordedQemu(version);
  expect(said.startsWith(`${version}.`)).toBe(true);
  expect(accelerators).toEqual(expect.arrayContaining(["tcg", "kvm"]));
  expect(machineTypes).toEqual(expect.arrayContaining(["pc", "pc-i440fx-2.8", "microvm"]));
  expect(devices).toEqual(expect.arrayContaining(["virtio-blk-pci", "ide-cd", "nec-usb-xhci", "e1000"]));
});

test.each(recordedVersions)("QEMU %s takes a machine of every keyboard layout", (version) => {
  const qemu = recordedQemu(version);
  for (const keyboardLayout of layoutSchema.options) {
    const machine = parseMachine(JSON.stringify({ version: 1, keyboardLayout }));
    expect(qemu.keymaps).toContain(fitMachine(machine, qemu, "tcg").machine.keyboardLayout);
  }
});

test.each<[(typeof recordedVersions)[number], string, string[]]>([
  ["5.2", "qxl-vga", []],
  ["7.2", "qxl-vga", []],
  // Debian 13 puts it into a package of its own, which is only recommended.
  ["10.0", "VGA", ["This QEMU has no graphics card qxl-vga: the guest gets VGA instead."]],
])("on QEMU %s the default machine has the graphics card %s", (version, graphics, notes) => {
  const fitted = fitMachine(parseMachine('{"version": 1}'), recordedQemu(version), "kvm");
  expect(fitted.machine.graphics).toBe(graphics);
  expect(fitted.platform).toEqual({ machineType: "pc-i440fx-2.8", accelerator: "kvm", cpu: "host" });
  expect(fitted.notes).toEqual(notes);
});

test("a QEMU that has dropped the old machine types gets the oldest of the newer ones, and the log says so", () => {
  const newest = recordedQemu("10.0");
  const machineTypes = newest.machineTypes.filter((name) => !/^pc-i440fx-[2-6]\./.test(name));
  const { platform, notes } = fitMachine(parseMachine('{"version": 1}'), { ...newest, machineTypes }, "kvm");
  expect(platform.machineType).toBe("pc-i440fx-7.0");
  expect(notes).toContainEqual(expect.stringContaining("pc-i440fx-7.0"));
});
