import { expect, test } from "vitest";
import { recordedQemu } from "../qemu/hardware/test-capabilities.ts";
import { examineHardware } from "./qemu.ts";

const dutchOfBelgium = "no keyboard layout nl-be: guests get nl";

test.each(["5.2", "7.2"] as const)("QEMU %s has all hardware but a layout that no QEMU has", (version) => {
  expect(examineHardware(recordedQemu(version))).toEqual({
    ok: true,
    text: `54 of the 55 machine types, devices and keyboard layouts that a machine.json can name; ${dutchOfBelgium}`,
  });
});

test("for a QEMU 10.0 without QXL, what guests get is said, and which package has it", () => {
  expect(examineHardware(recordedQemu("10.0"))).toEqual({
    ok: true,
    text: `53 of the 55 machine types, devices and keyboard layouts that a machine.json can name; no graphics card qxl-vga: guests get VGA; ${dutchOfBelgium}`,
    advice:
      "With all of it, guests see the hardware that their machine.json names: on Debian, apt-get install qemu-system-modules-spice.",
  });
});

test("a QEMU that has all is told in a few words", () => {
  const qemu = recordedQemu("7.2");
  expect(examineHardware({ ...qemu, keymaps: [...qemu.keymaps, "nl-be"] })).toEqual({
    ok: true,
    text: "all 55 machine types, devices and keyboard layouts that a machine.json can name",
  });
});

test("hardware without which machines are refused is missing; each package is named once", () => {
  const qemu = recordedQemu("7.2");
  const missing = ["virtio-blk-pci", "AC97"];
  const { ok, text, advice } = examineHardware({
    ...qemu,
    devices: qemu.devices.filter((name) => !missing.includes(name)),
  });
  expect(ok).toBe(false);
  expect(text).toContain("no storage device virtio-blk-pci, and no replacement for it");
  expect(text).toContain("no sound card AC97: guests have none");
  expect(advice).toMatch(/apt-get install qemu-system-x86\.$/);
});
