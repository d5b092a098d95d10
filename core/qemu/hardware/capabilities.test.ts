import { expect, test } from "vitest";
import { askQemu, parseAccelerators, parseDevices, parseMachineTypes, parseVersion } from "./capabilities.ts";

test("the version is told with the distribution's own", () => {
  const text = `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)
Copyright (c) 2003-2022 Fabrice Bellard and the QEMU Project developers
`;
  expect(parseVersion(text)).toBe("7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)");
});

test("machine types are read from QEMU's help", () => {
  const text = `Supported machines are:
microvm              microvm (i386)
pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-7.2)
pc-i440fx-7.2        Standard PC (i440FX + PIIX, 1996) (default)
pc-i440fx-2.10       Standard PC (i440FX + PIIX, 1996)
isapc                ISA-only PC
none                 empty machine
`;
  const types = ["microvm", "pc", "pc-i440fx-7.2", "pc-i440fx-2.10", "isapc", "none"];
  expect(parseMachineTypes(text)).toEqual(types);
});

test("accelerators are read from QEMU's help", () => {
  expect(parseAccelerators("Accelerators supported in QEMU binary:\ntcg\nkvm\n")).toEqual(["tcg", "kvm"]);
});

test("devices are read from QEMU's help", () => {
  const text = `Storage devices:
name "ide-cd", bus IDE, desc "virtual IDE CD-ROM"
name "nvme-subsys", desc "Virtual NVMe subsystem"
name "virtio-blk-pci", bus PCI, alias "virtio-blk"

Display devices:
name "VGA", bus PCI
`;
  expect(parseDevices(text)).toEqual(["ide-cd", "nvme-subsys", "virtio-blk-pci", "VGA"]);
});

test("the QEMU of this host has what every machine needs", async () => {
  const capabilities = await askQemu();
  expect(capabilities.version).toMatch(/^\d+\.\d+/);
  expect(capabilities.machineTypes).toContain("pc");
  expect(capabilities.accelerators).toContain("tcg");
  expect(capabilities.devices).toEqual(
    expect.arrayContaining(["virtio-blk-pci", "ide-cd", "isa-serial", "virtio-balloon-pci", "usb-hub"]),
  );
  expect(capabilities.keymaps).toContain("en-us");
});

test("a QEMU that is not there is a missing tool, each time it is asked", async () => {
  const missing = expect.objectContaining({ code: "missing-tool" });
  await expect(askQemu("qemu-of-nowhere")).rejects.toEqual(missing);
  await expect(askQemu("qemu-of-nowhere")).rejects.toEqual(missing);
});
