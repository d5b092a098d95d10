import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { execa } from "execa";
import { type GuestConsole, type GuestScreen, startGuestScreen } from "./guest-screen.ts";
import type { RealEngine } from "./real-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/**
 * A guest without an operating system: a boot sector that prints each byte of its PS/2 keyboard on the serial console,
 * as two digits and a space. It boots in a second.
 */
const bootSector = Buffer.from([
  ...[0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0xfc], // cli; xor ax, ax; mov ds, ax; cld
  ...[0xbe, 0x51, 0x7c], // mov si, the text
  ...[0xac, 0x84, 0xc0, 0x74, 0x05], // say: lodsb; test al, al; jz next
  ...[0xe8, 0x2f, 0x00, 0xeb, 0xf6], // call put; jmp say
  ...[0xe4, 0x64, 0xa8, 0x01, 0x74, 0xfa], // next: in al, 0x64; test al, 1; jz next: no byte yet
  ...[0x88, 0xc4, 0xe4, 0x60], // mov ah, al; in al, 0x60
  ...[0xf6, 0xc4, 0x20, 0x75, 0xf1], // test ah, 0x20; jnz next: one of the mouse
  ...[0x88, 0xc3, 0xc0, 0xe8, 0x04, 0xe8, 0x0e, 0x00], // mov bl, al; shr al, 4; call digit
  ...[0x88, 0xd8, 0x24, 0x0f, 0xe8, 0x07, 0x00], // mov al, bl; and al, 15; call digit
  ...[0xb0, 0x20, 0xe8, 0x0a, 0x00, 0xeb, 0xdb], // mov al, ' '; call put; jmp next
  ...[0x04, 0x30, 0x3c, 0x39, 0x76, 0x02, 0x04, 0x27], // digit: add al, '0'; cmp al, '9'; jbe put; add al, 'a' - '9' - 1
  ...[0x88, 0xc1, 0xba, 0xfd, 0x03], // put: mov cl, al; mov dx, 0x3fd
  ...[0xec, 0xa8, 0x20, 0x74, 0xfb], // wait: in al, dx; test al, 0x20; jz wait: the port is busy
  ...[0xba, 0xf8, 0x03, 0x88, 0xc8, 0xee, 0xc3], // mov dx, 0x3f8; mov al, cl; out dx, al; ret
  ...Buffer.from("keys:\r\n\0"),
]);

/** Boots that guest with a keyboard of that layout, and opens its screen in a window that is open. */
export async function startScanCodeGuest(
  tinsmith: TinsmithPage,
  { engine, keyboardLayout = "en-us" }: { readonly engine: RealEngine; readonly keyboardLayout?: string },
): Promise<GuestScreen> {
  const iso = await makeIso(engine.imageSet);
  const machine = { keyboard: "PS/2" };
  const guest = await startGuestScreen(tinsmith, { engine, iso, keyboardLayout, machine });
  await expect.poll(guest.serial.text).toContain("keys:");
  await tinsmith.screenShows();
  return guest;
}

/** An ISO that boots the sector. */
async function makeIso(folder: string): Promise<string> {
  const [content, iso] = [join(folder, "scan-codes"), join(folder, "scan-codes.iso")];
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, "boot"), Buffer.concat([bootSector, Buffer.alloc(2048 - bootSector.length)]));
  const boot = ["-b", "boot", "-no-emul-boot", "-boot-load-size", "4"];
  await execa("xorriso", ["-as", "mkisofs", "-o", iso, ...boot, content]);
  return iso;
}

interface KeyEvent {
  /** The scan code in the PC's first set, with 0x80 added behind the prefix 0xe0. */
  readonly key: number;
  readonly isDown: boolean;
}

/** The events of the guest's keyboard so far. */
export function keyEvents(serial: GuestConsole): readonly KeyEvent[] {
  const bytes = [...serial.text().matchAll(/\b([0-9a-f]{2}) /g)].map(([, digits = ""]) =>
    Number.parseInt(digits, 16),
  );
  return bytes.flatMap((byte, index) => {
    if (byte === 0xe0) return [];
    const extended = bytes[index - 1] === 0xe0 ? 0x80 : 0;
    return [{ key: (byte & 0x7f) | extended, isDown: byte < 0x80 }];
  });
}

/** The keys that went down, in order. */
export function keysDown(serial: GuestConsole): readonly number[] {
  return keyEvents(serial).flatMap(({ key, isDown }) => (isDown ? [key] : []));
}

/** The keys that are down now, in the order in which they went down. */
export function keysHeld(serial: GuestConsole): readonly number[] {
  const held = new Set<number>();
  for (const { key, isDown } of keyEvents(serial)) isDown ? held.add(key) : held.delete(key);
  return [...held];
}
