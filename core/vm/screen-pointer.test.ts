import { expect, test } from "vitest";
import { clickAt } from "./screen-pointer.ts";

const mice = {
  ps2: { name: "QEMU PS/2 Mouse", index: 2, current: true, absolute: false },
  usb: { name: "QEMU HID Mouse", index: 3, current: true, absolute: false },
  tablet: { name: "QEMU HID Tablet", index: 4, current: true, absolute: true },
};
type Mouse = (typeof mice)["ps2"];
const behind = (mouse: Mouse): Mouse => ({ ...mouse, current: false });

/** Clicks in a virtual machine with those devices, the used one first. @returns the events */
async function click(devices: readonly Mouse[], place: { x: number; y: number }) {
  const sent: object[] = [];
  const execute = async (command: string, args: Readonly<Record<string, unknown>> = {}) => {
    if (command === "query-mice") return devices;
    sent.push(...(args.events as object[]));
    return {};
  };
  await clickAt({ execute }, { width: 640, height: 400 }, place);
  return sent;
}

test("the pointer goes to the middle of the pixel, and its left button goes down and up", async () => {
  const button = (down: boolean) => ({ type: "btn", data: { down, button: "left" } });
  expect(await click([mice.tablet], { x: 0, y: 399 })).toEqual([
    { type: "abs", data: { axis: "x", value: 26 } },
    { type: "abs", data: { axis: "y", value: 32_726 } },
    button(true),
    button(false),
  ]);
});

test("a guest that uses a USB mouse beside the tablet gets the click, too", async () => {
  expect(await click([mice.usb, behind(mice.tablet)], { x: 1, y: 1 })).toHaveLength(4);
});

test.each([
  [[mice.ps2], { x: 1, y: 1 }, "only a mouse"],
  [[mice.usb, behind(mice.ps2)], { x: 1, y: 1 }, "only a mouse"],
  [[mice.ps2, behind(mice.tablet)], { x: 1, y: 1 }, "the guest does not use the tablet"],
  [[mice.tablet], { x: 640, y: 1 }, "there is no place 640, 1 to click"],
  [[mice.tablet], { x: 1, y: -1 }, "there is no place 1, -1 to click"],
] as const)("with %j, a click at %j is refused", async (devices, place, message) => {
  await expect(click(devices, place)).rejects.toThrow(message);
});
