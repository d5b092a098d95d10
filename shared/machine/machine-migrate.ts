import { z } from "zod";
import { choice, strictObject } from "../errors/schema-issues.ts";
import {
  cpuCount,
  hdaControllers,
  hdaDevices,
  keyboardLayout,
  macAddress,
  type machineSchema,
  memorySize,
  networkDevice,
} from "./machine-schema.ts";

const uuidRule = "must be a UUID of version 1 to 5 in lower case";
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const pciDevices = ["AC97", "ES1370"] as const;
const hdaSound = strictObject({ device: choice(hdaDevices), controller: choice(hdaControllers) });
const pciSound = strictObject({ device: choice(pciDevices), controller: choice(["pci"]) });

/** machine.json, version 0: the form without a `version` key. */
export const machineSchemaVersion0 = strictObject({
  uuid: z.string({ error: uuidRule }).regex(uuidPattern, uuidRule),
  network: strictObject({ device: networkDevice, mac: macAddress }),
  keyboard: strictObject({ layout: keyboardLayout }),
  sound: z
    .discriminatedUnion("device", [hdaSound, pciSound], {
      error: (issue) =>
        issue.code === "invalid_union"
          ? `must be one of ${[...pciDevices, ...hdaDevices].join(", ")}`
          : "must be an object",
    })
    .optional(),
  memory: memorySize.optional(),
  cpu: strictObject({
    threads: cpuCount.optional(),
    cores: cpuCount.optional(),
    sockets: cpuCount.optional(),
  }).optional(),
});

/**
 * The same hardware as a version 1 definition; values that version 0 could not express are those that its machines
 * had.
 */
export function migrateVersion0(
  machine: z.output<typeof machineSchemaVersion0>,
): z.input<typeof machineSchema> {
  const { uuid, network, keyboard, sound, memory, cpu } = machine;
  return {
    version: 1,
    uuid,
    threads: cpu?.threads ?? 1,
    cores: cpu?.cores,
    sockets: cpu?.sockets,
    memory,
    network: network.device,
    mac: network.mac,
    graphics: "vmware-svga",
    sound:
      sound === undefined
        ? "none"
        : sound.controller === "pci"
          ? sound.device
          : `${sound.device}/${sound.controller}`,
    keyboardLayout: keyboard.layout,
    tablet: "none",
  };
}
