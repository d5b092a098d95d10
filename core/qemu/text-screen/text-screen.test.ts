import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import { openSession } from "../../session/serve/session.ts";
import { findPaths } from "../../storage/paths.ts";
import { startVirtualMachine } from "../process/virtual-machine.ts";
import { colorfulPicture, scriptedScreen, testFont } from "./test-screens.ts";
import { createTextScreen, type QemuControl } from "./text-screen.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "text-screen-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Boots a sector of machine code, and reads its screen until that shows what is expected. */
async function readGuest(
  code: readonly number[],
  isExpected: (text: ScreenText) => boolean,
): Promise<ScreenText> {
  const folder = newFolder();
  const { paths, ...session } = openSession(findPaths({ TINSMITH_HOME: folder }), "a test");
  onTestFinished(() => session[Symbol.dispose]());
  const sector = Buffer.alloc(512);
  sector.set(code);
  sector.set([0x55, 0xaa], 510);
  writeFileSync(join(folder, "disk"), sector);
  await using vm = await startVirtualMachine(
    [
      ...([
        "qemu-system-x86_64",
        "-S",
        "-nodefaults",
        "-no-user-config",
        "-accel",
        "tcg",
        "-m",
        "16",
      ] as const),
      ...["-vnc", `unix:${paths.vncSocket}`, "-device", "VGA"],
      ...["-drive", `file=${join(folder, "disk")},format=raw`],
      ...["-chardev", `socket,id=qmp,path=${paths.qmpSocket}`, "-mon", "chardev=qmp,mode=control"],
      ...["-serial", `unix:${paths.serialSocket},server=on,wait=off`],
    ],
    paths,
  );
  await vm.run();
  const read = async () => {
    const text = await vm.text.read();
    if (!isExpected(text)) throw new Error(JSON.stringify(text));
    return text;
  };
  return await vi.waitFor(read, { timeout: 20_000, interval: 50 });
}

/** Writes "Hi, 1 ½" into row 30 of the text memory, and scrolls there, as a kernel does: by the registers of the screen. */
const scrollingGuest = [
  ...[0xfc, 0x31, 0xc0, 0x8e, 0xd8], // cld; xor ax, ax; mov ds, ax
  ...[0xb8, 0x00, 0xb8, 0x8e, 0xc0], // mov ax, 0xb800; mov es, ax: the text memory
  ...[0xbf, 0xc0, 0x12, 0xbe, 0x29, 0x7c], // mov di, 30 * 160; mov si, the text
  ...[0xac, 0x3c, 0x00, 0x74, 0x05], // next: lodsb; cmp al, 0; je done
  ...[0xb4, 0x07, 0xab, 0xeb, 0xf6], // mov ah, 7: grey on black; stosw; jmp next
  ...[0xba, 0xd4, 0x03, 0xb8, 0x0c, 0x09, 0xef], // done: mov dx, 0x3d4; the high byte of where it begins: 9
  ...[0xb8, 0x0d, 0x60, 0xef], // the low one: 0x60, so it begins at character 30 * 80
  ...[0xf4, 0xeb, 0xfd, 0x90], // hlt, forever
  ...Buffer.from("Hi, 1 "),
  0xab,
];

/** Switches to 320 by 200 pixels of 256 colours, and fills these with a gradient. */
const graphicsGuest = [
  ...[0xb8, 0x13, 0x00, 0xcd, 0x10], // mov ax, 0x13; int 0x10
  ...[0xb8, 0x00, 0xa0, 0x8e, 0xc0, 0x31, 0xff], // mov ax, 0xa000; mov es, ax; xor di, di
  ...[0x89, 0xf8, 0xaa, 0x81, 0xff, 0x00, 0xfa, 0x75, 0xf7], // next: mov ax, di; stosb; cmp di, 64000; jne next
  ...[0xf4, 0xeb, 0xfd], // hlt, forever
];

test("a VGA's text is read as it is, also where the guest has scrolled by the VGA's registers", async () => {
  const text = await readGuest(
    scrollingGuest,
    (read) => read.kind === "text" && read.lines[0]?.startsWith("Hi") === true,
  );
  expect(text).toEqual({ kind: "text", columns: 80, lines: ["Hi, 1 ½", ...Array(24).fill("")] });
});

test("the firmware's text is read, too", async () => {
  const text = await readGuest(
    [0xf4, 0xeb, 0xfd],
    (read) => read.kind === "text" && read.lines.join().includes("Booting from Hard Disk"),
  );
  expect(text).toMatchObject({
    lines: expect.arrayContaining([expect.stringMatching(/^SeaBIOS \(version/)]),
  });
});

test("a picture is graphics", async () => {
  expect(await readGuest(graphicsGuest, ({ kind }) => kind === "graphics")).toEqual({ kind: "graphics" });
});

/** The place of the kernel's font, which may be anywhere in the guest's memory. */
const fontPlace = 20 * 1024 ** 2 + 4321;
const memory = 64 * 1024 ** 2;

test("a console in a framebuffer is read with the font that is in the guest's memory", async () => {
  const screen = scriptedScreen({ memory, parts: [[fontPlace, testFont]] });
  const text = createTextScreen(screen.qmp, newFolder());
  screen.show(["login: root", "", "# ░▒▓"]);
  expect(await text.read()).toEqual({
    kind: "text",
    columns: 80,
    lines: ["login: root", "", "# ░▒▓", ...Array(27).fill("")],
  });
});

test("of the firmware's font and the kernel's, that one is taken which has more of the characters", async () => {
  const firmware = Buffer.from(testFont);
  firmware.fill(0x55, "x".charCodeAt(0) * 16, ("x".charCodeAt(0) + 1) * 16);
  const screen = scriptedScreen({
    memory,
    parts: [
      [0xc4000, firmware],
      [fontPlace, testFont],
    ],
  });
  const text = createTextScreen(screen.qmp, newFolder());
  screen.show(["a text with an x"]);
  expect(await text.read()).toMatchObject({ lines: expect.arrayContaining(["a text with an x"]) });
});

test("the font is looked for again after the guest has booted again, and not before", async () => {
  const screen = scriptedScreen({ memory, parts: [[fontPlace, testFont]] });
  const text = createTextScreen(screen.qmp, newFolder());
  screen.show(["a console"]);
  await text.read();
  const { reads } = screen;
  await text.read();
  expect(screen.reads - reads).toBeLessThan(5);
  text.forgetFonts();
  await text.read();
  expect(screen.reads - reads).toBeGreaterThan(5);
});

test.each([
  ["a console in another font", [["no font"], []] as const],
  ["a picture of many colours", [undefined, [[fontPlace, testFont]]] as const],
])("%s is graphics", async (_name, [lines, parts]) => {
  const screen = scriptedScreen({ memory, parts });
  const text = createTextScreen(screen.qmp, newFolder());
  if (lines) screen.show(lines);
  else screen.showPicture(colorfulPicture());
  expect(await text.read()).toEqual({ kind: "graphics" });
});

test("an empty screen is text without any", async () => {
  const screen = scriptedScreen({ memory, parts: [] });
  screen.show([]);
  const text = createTextScreen(screen.qmp, newFolder());
  expect(await text.read()).toEqual({ kind: "text", columns: 80, lines: Array(30).fill("") });
});

test("one who reads the screen while another does gets the text, and so does the other", async () => {
  const screen = scriptedScreen({ memory, parts: [[fontPlace, testFont]] });
  screen.show(["a console"]);
  const folder = newFolder();
  let second: ScreenText | undefined;
  const execute: QemuControl["execute"] = async (command, args) => {
    const result = await screen.qmp.execute(command, args);
    // The first one's picture is there, and not read yet.
    if (!second) {
      second = { kind: "graphics" };
      second = await text.read();
    }
    return result;
  };
  const text = createTextScreen({ execute }, folder);
  const shown = { kind: "text", lines: expect.arrayContaining(["a console"]) };
  expect(await text.read()).toMatchObject(shown);
  expect(second).toMatchObject(shown);
  expect(readdirSync(folder)).toEqual([]);
});
