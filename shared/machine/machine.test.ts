import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeIssue } from "../errors/schema-issues.ts";
import { formatMachine, machineIssues, parseMachine } from "./machine.ts";
import { machineSchema } from "./machine-schema.ts";

/** The issues, as a person reads them. */
function issues(value: unknown): string[] {
  return machineIssues(value).map(describeIssue);
}

/** The details of the error that a text gives. */
function details(text: string): readonly string[] {
  try {
    parseMachine(text);
  } catch (error) {
    expect(error).toMatchObject({
      code: "invalid-machine",
      message: expect.stringContaining("machine.json"),
    });
    return z.object({ details: z.array(z.string()) }).parse(error).details;
  }
  return [];
}

const defaultText = `{
  "version": 1,
  "uuid": "52bab607-10f1-4049-a0f8-ee4725cb715b",
  "chipset": "pc-i440fx-2.8",
  "cpu": "host",
  "flags": [],
  "usb": "nec-usb-xhci",
  "network": "e1000",
  "mac": "aa:54:1a:30:5c:de",
  "storage": "virtio-blk-pci",
  "graphics": "qxl-vga",
  "sound": "none",
  "keyboard": "usb-kbd",
  "keyboardLayout": "en-us",
  "mouse": "usb-mouse",
  "tablet": "usb-tablet"
}
`;

describe("reading and writing", () => {
  test("all keys but the version have defaults; those of the host stay absent", () => {
    expect(formatMachine(parseMachine('{"version": 1}'))).toBe(defaultText);
  });

  test("what is written reads the same, and is written the same again", () => {
    const keys = {
      sound: "hda-micro/ich9-intel-hda",
      keyboardLayout: "pt-br",
      memory: 512,
      sockets: 1,
      cores: 2,
      threads: 3,
    };
    const machine = parseMachine(JSON.stringify({ ...keys, version: 1 }));
    const text = formatMachine(machine);
    expect(parseMachine(text)).toEqual(machine);
    expect(text).toContain('  "threads": 3,\n  "cores": 2,\n  "sockets": 1,\n  "memory": 512,\n  "usb"');
  });

  test("a UUID is written in lower case", () => {
    const { uuid } = parseMachine('{"version": 1, "uuid": "52BAB607-10F1-4049-A0F8-EE4725CB715B"}');
    expect(uuid).toBe("52bab607-10f1-4049-a0f8-ee4725cb715b");
  });

  test("an error names the file that the text came from", () => {
    expect(() => parseMachine("{}", "images/tinycore/machine.json")).toThrow(
      "images/tinycore/machine.json is not a valid machine definition",
    );
  });
});

describe("issues", () => {
  test("all are found at once, each with its path, its value and what would be right", () => {
    const machine = {
      version: 1,
      uuid: null,
      flags: ["avx"],
      memory: 0,
      cores: 1.5,
      mac: "00:00:00:00:00:00",
      graphics: "qxl",
      colour: "red",
    };
    expect(issues(machine)).toEqual([
      "uuid is null: must be a UUID of version 1 to 5 and variant 8 to b, as in 52bab607-10f1-4049-a0f8-ee4725cb715b",
      "flags is a list: must be an empty list: no CPU flag is defined",
      "cores is 1.5: must be a whole number from 1 to 255",
      "memory is 0: must be a whole number of MiB from 1 to 1048576",
      'mac is "00:00:00:00:00:00": must be six pairs of lower-case hex digits with colons, the second digit 2, 6, a or e',
      'graphics is "qxl": must be one of VGA, vmware-svga, qxl-vga, virtio-vga; did you mean qxl-vga?',
      'colour is "red": unknown key; known are version, uuid, chipset, cpu, flags, threads, cores, sockets, memory, usb, network, mac, storage, graphics, sound, keyboard, keyboardLayout, mouse, tablet',
    ]);
  });

  test("a mistyped key is guessed", () => {
    expect(issues({ version: 1, keyboardlayout: "de" })).toEqual([
      'keyboardlayout is "de": unknown key; did you mean keyboardLayout?',
    ]);
  });

  test("processors are limited one by one and together, also beside other issues", () => {
    expect(issues({ version: 1, threads: 256 })).toEqual([
      "threads is 256: must be a whole number from 1 to 255",
    ]);
    expect(issues({ version: 1, threads: 5, cores: 51 })).toEqual([]);
    expect(issues({ version: 1, threads: 4, cores: 8, sockets: 8, memory: "1G" })).toEqual([
      'memory is "1G": must be a whole number of MiB from 1 to 1048576',
      "threads x cores x sockets must be at most 255",
    ]);
  });

  test.each(["1e400", "1e308", "99999999999999999999", "-1e308", "0.5"])("%s is listed once", (number) => {
    expect(details(`{"version": 1, "memory": ${number}}`)).toEqual([
      `memory is ${Number(number)}: must be a whole number of MiB from 1 to 1048576`,
    ]);
  });

  test.each([0, 2, "1", null])("version %j is not known", (version) => {
    expect(machineIssues({ version, anything: 1 })).toEqual([
      { path: ["version"], value: version, message: "must be 1, or left out in a definition of version 0" },
    ]);
  });

  test.each([null, [], "machine", 1])("%j is no definition", (value) => {
    expect(issues(value)).toEqual(["a machine definition must be an object"]);
  });
});

describe("hostile or broken texts are told apart, and do no harm", () => {
  test("text that is not JSON", () => {
    expect(details('{\n  "version": 1,\n}')).toEqual([
      'line 3, column 1: expected a key in double quotes, as in "version"',
    ]);
  });

  test("a key given twice", () => {
    expect(details('{"version": 1, "memory": 512,\n "memory": 1024}')).toEqual([
      'line 2, column 2: the key "memory" is given more than once',
    ]);
  });

  test("__proto__ is an unknown key, and changes no object", () => {
    const found = details('{"__proto__": {"version": 1}, "version": 1}');
    expect(found).toEqual([expect.stringMatching(/^__proto__ is an object: unknown key/)]);
    expect(details('{"__proto__": {"version": 1}}')).toContainEqual(
      expect.stringMatching(/^uuid is missing/),
    );
  });

  test("more issues than anybody reads are counted", () => {
    const keys = Array.from({ length: 1000 }, (_, index) => [`key${index}`, 0]);
    const found = details(JSON.stringify({ version: 1, ...Object.fromEntries(keys) }));
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe("and 900 more");
  });

  test("characters that a terminal would obey don't reach it", () => {
    const [found] = issues({ version: 1, cpu: "\u001b[2J\u202e" });
    expect(found).toBe(String.raw`cpu is "\x1b[2J\u{202e}": must be host`);
  });
});

test("an editor can have the schema as JSON Schema, with a description for each key", () => {
  const { properties = {}, required } = z.toJSONSchema(machineSchema, { io: "input" });
  expect(required).toEqual(["version"]);
  for (const property of Object.values(properties)) expect(property).toHaveProperty("description");
  expect(properties.graphics).toMatchObject({
    default: "qxl-vga",
    enum: ["VGA", "vmware-svga", "qxl-vga", "virtio-vga"],
  });
});
