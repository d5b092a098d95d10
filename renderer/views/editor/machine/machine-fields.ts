import { z } from "zod";
import { machineSchema } from "../../../../shared/machine/machine-schema.ts";

export type MachineKey = keyof typeof machineSchema.shape;

/** The keys of a definition in the order in which they are written. */
export const machineKeys = Object.keys(machineSchema.shape) as readonly MachineKey[];

/** A key of a definition as a form shows it. */
export interface MachineField {
  readonly key: MachineKey;
  readonly label: string;
  /** The explanation of its meaning. */
  readonly help: string;
  /** The values to choose from; without them a text or number is typed. */
  readonly options?: readonly string[] | undefined;
  readonly isNumber: boolean;
  /** The value that holds when the key is absent; undefined when the host decides. */
  readonly usual?: string | undefined;
}

/** The parts of the form, and the names of each key for people. A key that has only one value is not in the form. */
const parts: readonly (readonly [title: string, labels: Partial<Record<MachineKey, string>>])[] = [
  [
    "Processor and memory",
    { sockets: "Sockets", cores: "Cores", threads: "Threads", memory: "Memory (MiB)" },
  ],
  ["Devices", { graphics: "Graphics", network: "Network", sound: "Sound", usb: "USB controller" }],
  ["Input", { keyboard: "Keyboard", keyboardLayout: "Layout", mouse: "Mouse", tablet: "Tablet" }],
  ["Identity", { uuid: "UUID", mac: "MAC address" }],
];

interface KeySchema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly default?: unknown;
}

const schemas = z.toJSONSchema(machineSchema, { io: "input" }).properties as Record<MachineKey, KeySchema>;

export const machineForm = parts.map(([title, labels]) => ({
  title,
  fields: (Object.entries(labels) as [MachineKey, string][]).map(([key, label]): MachineField => {
    const { description = "", enum: options, type, default: usual } = schemas[key];
    return {
      key,
      label,
      help: description,
      options,
      isNumber: type === "integer",
      usual: usual === undefined ? undefined : String(usual),
    };
  }),
}));
