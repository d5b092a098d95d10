import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fakeKernel, fakeSetupBytes } from "../test-iso-files.ts";
import { makeIso, newFolder } from "../test-isos.ts";
import { segmentBytes, stackEnd } from "./boot-rom.ts";
import { extractKernel } from "./iso-kernel.ts";

const config =
  "label one\nkernel /vmlinuz\nappend initrd=/a,/b quiet\nlabel two\nkernel /vmlinuz\nappend x\n";
const files = { "isolinux.cfg": config, vmlinuz: fakeKernel(), a: "12345", b: "678" };

test("a kernel is laid out as in memory: its own part at 1 MiB; above it, its real-mode code and its RAM disks", async () => {
  const { rom, loaded, memory, title, parameters } = await extractKernel(makeIso(files), "one", newFolder());
  expect([title, parameters]).toEqual(["one", "quiet console=tty0 console=ttyS0,115200"]);
  const [kernel, data] = loaded.map(({ path, address }) => ({ bytes: readFileSync(path), address }));
  if (!kernel || !data) throw new Error("there are two files");
  expect(kernel).toEqual({ address: 0x100000, bytes: Buffer.alloc(4096, "P") });
  // Behind all that the kernel needs to unpack itself.
  expect(data.address).toBe(0x1200000);
  const segment = data.bytes.subarray(0, segmentBytes);
  expect(segment.subarray(0x230, fakeSetupBytes)).toEqual(fakeKernel().subarray(0x230, fakeSetupBytes));
  // The fields that a boot loader fills in: itself, the heap, the RAM disk, the parameters.
  expect([segment[0x210], segment[0x211]]).toEqual([0xff, 0x81]);
  expect(segment.readUInt16LE(0x224)).toBe(stackEnd - 0x200);
  expect([segment.readUInt32LE(0x218), segment.readUInt32LE(0x21c)]).toEqual([0x1210000, 12]);
  expect(segment.readUInt32LE(0x228)).toBe(0x10000 + stackEnd);
  expect(segment.toString("latin1", stackEnd).replace(/\0+$/, "")).toBe(parameters);
  expect(data.bytes.subarray(segmentBytes).toString("latin1")).toBe("12345\x00\x00\x00678\x00");
  expect(memory).toBe(0x1210000 + 12);

  const bytes = readFileSync(rom);
  expect([bytes.length, bytes.readUInt16LE(0), bytes.toString("latin1", 0x20, 0x24)]).toEqual([
    512,
    0xaa55,
    "$PnP",
  ]);
  for (const part of [bytes, bytes.subarray(0x20, 0x40)])
    expect(part.reduce((sum, byte) => sum + byte, 0) % 256).toBe(0);
  // The place that it copies from.
  const [low, high = 0] = [bytes.readUIntLE(0x80 + 18, 3), bytes[0x80 + 23]];
  expect(low + high * 2 ** 24).toBe(data.address);
});

test("an entry is found by its title, then by its number", async () => {
  const iso = makeIso({ ...files, "isolinux.cfg": `${config}label 1\nkernel /vmlinuz\nappend y\n` });
  const titleOf = async (wanted: string) => (await extractKernel(iso, wanted, newFolder())).title;
  expect([await titleOf("two"), await titleOf("2"), await titleOf("1")]).toEqual(["two", "two", "1"]);
});

test("an entry that is not there is refused, with those that are", async () => {
  const iso = makeIso(files);
  for (const wanted of ["three", "3", "0", ""])
    await expect(extractKernel(iso, wanted, newFolder())).rejects.toMatchObject({
      code: "usage",
      message: `${iso} has no boot entry ${JSON.stringify(wanted)}`,
      details: ["1 one", "2 two"],
    });
  const none = makeIso({ a: "" });
  await expect(extractKernel(none, "1", newFolder())).rejects.toMatchObject({
    message: `${none} has no boot entry with a Linux kernel`,
  });
});

test.each([
  ["an old kernel", fakeKernel({ protocol: 0x201 }), "quiet", "its kernel is too old"],
  [
    "parameters that are too long",
    fakeKernel(),
    "x".repeat(2100),
    "it has too little room for its RAM disk or parameters",
  ],
])("%s is refused", async (_what, vmlinuz, append, reason) => {
  const iso = makeIso({ "isolinux.cfg": `label one\nkernel /vmlinuz\nappend ${append}\n`, vmlinuz });
  await expect(extractKernel(iso, "one", newFolder())).rejects.toMatchObject({
    code: "usage",
    message: `the boot entry "one" of ${iso} can't be booted directly: ${reason}`,
    advice: "Boot the ISO as a CD, without a boot entry.",
  });
});
