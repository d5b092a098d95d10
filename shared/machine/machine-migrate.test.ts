import { expect, test } from "vitest";
import { describeIssue } from "../errors/schema-issues.ts";
import { formatMachine, machineIssues, parseMachine } from "./machine.ts";

const version0 = {
  uuid: "1f8a2d5e-3c4b-4d6e-8f70-112233445566",
  network: { device: "rtl8139", mac: "02:54:1a:30:5c:de" },
  keyboard: { layout: "de" },
};

function migrate(changes: object = {}) {
  return parseMachine(JSON.stringify({ ...version0, ...changes }));
}

test("version 0 becomes version 1 with the hardware that its machines had", () => {
  expect(formatMachine(migrate())).toBe(`{
  "version": 1,
  "uuid": "1f8a2d5e-3c4b-4d6e-8f70-112233445566",
  "chipset": "pc-i440fx-2.8",
  "cpu": "host",
  "flags": [],
  "threads": 1,
  "usb": "nec-usb-xhci",
  "network": "rtl8139",
  "mac": "02:54:1a:30:5c:de",
  "storage": "virtio-blk-pci",
  "graphics": "vmware-svga",
  "sound": "none",
  "keyboard": "usb-kbd",
  "keyboardLayout": "de",
  "mouse": "usb-mouse",
  "tablet": "none"
}
`);
});

test("memory and processors keep their figures", () => {
  const keys = { memory: 1024, threads: 2, cores: 3, sockets: 1 };
  const { memory, ...cpu } = keys;
  expect(migrate({ memory, cpu })).toMatchObject(keys);
  expect(migrate({ cpu: { cores: 4 } })).toMatchObject({ threads: 1, cores: 4 });
});

test("sound is the device, with its controller where that is not the PCI bus itself", () => {
  expect(migrate({ sound: { device: "ES1370", controller: "pci" } }).sound).toBe("ES1370");
  expect(migrate({ sound: { device: "hda-output", controller: "ich9-intel-hda" } }).sound).toBe(
    "hda-output/ich9-intel-hda",
  );
});

test("all that is wrong in version 0 is told in its own words", () => {
  const issues = machineIssues({
    uuid: version0.uuid.toUpperCase(),
    network: { device: "e100", speed: 1000 },
    sound: { device: "AC97", controller: "intel-hda" },
    cpu: { cores: 0 },
    graphics: "VGA",
  });
  expect(issues.map(describeIssue)).toEqual([
    'uuid is "1F8A2D5E-3C4B-4D6E-8F70-112233445566": must be a UUID of version 1 to 5 in lower case',
    'network.device is "e100": must be one of rtl8139, e1000; did you mean e1000?',
    "network.mac is missing: must be six pairs of lower-case hex digits with colons, the second digit 2, 6, a or e",
    "network.speed is 1000: unknown key; known are device, mac",
    "keyboard is missing: must be an object",
    'sound.controller is "intel-hda": must be pci',
    "cpu.cores is 0: must be a whole number from 1 to 255",
    'graphics is "VGA": belongs to version 1: add "version": 1',
  ]);
});

test("an unknown sound device is told with the known ones", () => {
  const issues = machineIssues({ ...version0, sound: { device: "sb16", controller: "pci" } });
  expect(issues.map(describeIssue)).toEqual([
    'sound.device is "sb16": must be one of AC97, ES1370, hda-duplex, hda-micro, hda-output',
  ]);
});

test("processors are limited together in version 0 too", () => {
  const issues = machineIssues({ ...version0, cpu: { threads: 2, cores: 16, sockets: 8 } });
  expect(issues.map(describeIssue)).toEqual(["threads x cores x sockets must be at most 255"]);
});
