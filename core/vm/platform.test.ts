import { describe, expect, test } from "vitest";
import { parseMachine } from "../../shared/machine/machine.ts";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { fitMachine } from "./platform.ts";

/** A QEMU that lacks nothing that a default machine has. */
const complete: QemuCapabilities = {
  program: "qemu-system-x86_64",
  version: "7.2.22",
  machineTypes: ["pc", "pc-i440fx-7.2", "pc-i440fx-2.8"],
  accelerators: ["kvm", "tcg"],
  devices: [
    "nec-usb-xhci",
    "e1000",
    "virtio-blk-pci",
    "qxl-vga",
    "VGA",
    "usb-kbd",
    "usb-mouse",
    "usb-tablet",
  ],
  keymaps: ["en-us", "de"],
  dataFolders: [],
};

function fit(keys: object, lacks: readonly string[] = [], has: readonly string[] = []) {
  const machine = parseMachine(JSON.stringify({ version: 1, ...keys }));
  const devices = [...complete.devices.filter((name) => !lacks.includes(name)), ...has];
  return fitMachine(machine, { ...complete, devices }, "tcg");
}

test("a machine that QEMU has in all its parts stays as it is", () => {
  const machine = parseMachine('{"version": 1}');
  expect(fitMachine(machine, complete, "kvm")).toEqual({
    machine,
    platform: { machineType: "pc-i440fx-2.8", accelerator: "kvm", cpu: "host" },
    notes: [],
  });
});

test("without KVM the CPU is all that QEMU can emulate", () => {
  expect(fit({}).platform).toEqual({ machineType: "pc-i440fx-2.8", accelerator: "tcg", cpu: "max" });
});

describe("what QEMU lacks is replaced by what resembles it most, and the log says so", () => {
  test("a graphics card gives way to plain VGA", () => {
    const { machine, notes } = fit({ graphics: "qxl-vga" }, ["qxl-vga"]);
    expect(machine.graphics).toBe("VGA");
    expect(notes).toEqual(["This QEMU has no graphics card qxl-vga: the guest gets VGA instead."]);
  });

  test("without plain VGA, any other one will do", () => {
    expect(fit({ graphics: "VGA" }, ["VGA", "qxl-vga"], ["vmware-svga"]).machine.graphics).toBe(
      "vmware-svga",
    );
  });

  test("a USB 3 controller gives way to QEMU's own one", () => {
    expect(fit({}, ["nec-usb-xhci"], ["qemu-xhci"]).machine.usb).toBe("qemu-xhci");
  });

  test("USB input devices give way to PS/2, and a tablet to none", () => {
    const { machine, notes } = fit({}, ["usb-kbd", "usb-mouse", "usb-tablet"]);
    expect(machine).toMatchObject({ keyboard: "PS/2", mouse: "PS/2", tablet: "none" });
    expect(notes).toHaveLength(3);
  });

  test("a sound card needs its controller too, else the guest is silent", () => {
    const sound = "hda-duplex/intel-hda";
    expect(fit({ sound }, [], ["hda-duplex", "intel-hda"]).machine.sound).toBe(sound);
    expect(fit({ sound }, [], ["hda-duplex", "ich9-intel-hda"]).machine.sound).toBe(
      "hda-duplex/ich9-intel-hda",
    );
    expect(fit({ sound }, [], ["hda-duplex"]).machine.sound).toBe("none");
  });

  test("a disk that nothing can stand in for is an error", () => {
    const error = expect.objectContaining({
      code: "qemu-failed",
      message: expect.stringContaining("no storage device virtio-blk-pci"),
    });
    expect(() => fit({}, ["virtio-blk-pci"])).toThrow(error);
  });
});
