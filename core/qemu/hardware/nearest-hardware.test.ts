import { describe, expect, test } from "vitest";
import { nearestKeymap, nearestMachineType } from "./nearest-hardware.ts";

describe("machine types", () => {
  test("the oldest newer one is nearest; 2.10 is newer than 2.9", () => {
    const types = ["pc", "pc-i440fx-2.12", "pc-i440fx-2.10", "pc-i440fx-2.7", "pc-q35-2.9"];
    expect(nearestMachineType("pc-i440fx-2.8", types)).toBe("pc-i440fx-2.10");
    expect(nearestMachineType("pc-i440fx-2.8", [...types, "pc-i440fx-2.9"])).toBe("pc-i440fx-2.9");
  });

  test("where versions are counted otherwise, it is the alias pc", () => {
    expect(nearestMachineType("pc-i440fx-2.8", ["pc-i440fx-rhel7.6.0", "pc", "q35"])).toBe("pc");
    expect(nearestMachineType("pc-i440fx-2.8", ["q35"])).toBeUndefined();
  });
});

test("a layout without a keymap gets its language's, else the default", () => {
  expect(nearestKeymap("nl-be", ["en-us", "nl"])).toBe("nl");
  expect(nearestKeymap("nl-be", ["en-us"])).toBe("en-us");
  expect(nearestKeymap("de-ch", ["en-us", "de", "de-ch"])).toBe("de-ch");
});
