import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readScreen } from "../../qemu/process/screenshot.ts";
import { startVirtualMachine } from "../../qemu/process/virtual-machine.ts";
import { openSession } from "../../session/serve/session.ts";
import { findPaths } from "../../storage/paths.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { readRegionPicture } from "./region-picture.ts";
import { cutOut, screenOf, toPng } from "./test-pictures.ts";
import { waitForRegion } from "./wait-for-region.ts";

/** Draws in white on a black screen of 320 by 200 pixels of 256 colours: a square of 20 by 20 at 100, 50. */
const drawingGuest = [
  ...[0xb8, 0x13, 0x00, 0xcd, 0x10], // mov ax, 0x13; int 0x10
  ...[0xb8, 0x00, 0xa0, 0x8e, 0xc0, 0xfc], // mov ax, 0xa000; mov es, ax; cld
  ...[0xbf, 0xe4, 0x3e, 0xba, 0x14, 0x00], // mov di, 50 * 320 + 100; mov dx, 20
  ...[0xb9, 0x14, 0x00, 0xb0, 0x0f, 0xf3, 0xaa], // row: mov cx, 20; mov al, 15; rep stosb
  ...[0x81, 0xc7, 0x2c, 0x01, 0x4a, 0x75, 0xf2], // add di, 300; dec dx; jne row
  ...[0xf4, 0xeb, 0xfd], // hlt, forever
];

// A real QEMU.
test("a picture that a guest draws is found at its place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "region-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { paths, ...session } = openSession(findPaths({ TINSMITH_HOME: folder }), "a test");
  onTestFinished(() => session[Symbol.dispose]());
  const sector = Buffer.alloc(512);
  sector.set(drawingGuest);
  sector.set([0x55, 0xaa], 510);
  writeFileSync(join(folder, "disk"), sector);
  const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "16", "-device", "VGA"];
  const qmp = ["-chardev", `socket,id=qmp,path=${paths.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
  const ends = [
    "-vnc",
    `unix:${paths.vncSocket}`,
    "-serial",
    `unix:${paths.serialSocket},server=on,wait=off`,
  ];
  const disk = ["-drive", `file=${join(folder, "disk")},format=raw`];
  await using vm = await startVirtualMachine(
    ["qemu-system-x86_64", ...bare, ...qmp, ...ends, ...disk],
    paths,
  );
  await vm.run();

  // The corner of the square, with what is around it. QEMU shows each pixel of this mode as four.
  const isSquare = (x: number, y: number) => x >= 200 && x < 240 && y >= 100 && y < 140;
  const wanted = screenOf(640, 400, (x, y) => (isSquare(x, y) ? [255, 255, 255] : [0, 0, 0]));
  writeFileSync(join(folder, "corner.png"), toPng(cutOut(wanted, { x: 190, y: 92, width: 30, height: 24 })));
  const region = readRegionPicture(join(folder, "corner.png"));
  const screen = { read: () => readScreen(vm.qmp, folder), clock: startGuestClock() };
  const { signal } = new AbortController();
  const place = await waitForRegion(screen, region, {
    ...{ name: "corner.png", tolerance: 0, seconds: 20, signal },
  });
  const { width } = await screen.read();
  expect({ width, ...place }).toEqual({ width: 640, x: 190, y: 92 });
});
