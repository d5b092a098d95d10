import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sectorBytes } from "../file-systems/iso/directory-record.ts";
import { describeIso } from "./describe-iso.ts";
import { fakeKernel } from "./test-iso-files.ts";
import { makeIso, newFolder } from "./test-isos.ts";

const isolinuxConfig = `default live
label live
  menu label ^Live system
  kernel /boot/vmlinuz
  append initrd=/boot/initrd.gz quiet
`;
const bios = ["-b", "boot.bin", "-c", "boot.cat", "-no-emul-boot", "-boot-load-size", "4"];
const uefi = ["-eltorito-alt-boot", "-e", "efi.img", "-no-emul-boot"];
const live = {
  "boot.bin": Buffer.alloc(2048),
  "efi.img": Buffer.alloc(4096),
  "isolinux/isolinux.cfg": isolinuxConfig,
  "boot/vmlinuz": fakeKernel(),
  "boot/initrd.gz": "an initial RAM disk",
};

test("an ISO tells its label, its size, how it boots, and the kernels that it offers", async () => {
  const iso = makeIso(live, ["-R", "-V", "LIVE_1", ...bios, ...uefi]);
  expect(await describeIso(iso)).toEqual({
    label: "LIVE_1",
    systemId: "",
    applicationId: "",
    size: readFileSync(iso).length,
    boots: { bios: true, uefi: true, disk: false },
    entries: [
      {
        title: "Live system",
        kernel: "/boot/vmlinuz",
        initrds: ["/boot/initrd.gz"],
        parameters: "quiet",
        isDefault: true,
      },
    ],
    notes: [],
  });
});

test.each([
  ["Rock Ridge", ["-R"]],
  ["Joliet", ["-J"]],
  ["neither", []],
])("with names of %s, an ISO's files are found", async (_kind, options) => {
  const { entries } = await describeIso(makeIso(live, [...options, ...bios]));
  expect(entries.map(({ title }) => title)).toEqual(["Live system"]);
});

test("a name that needs several entries of Rock Ridge is found", async () => {
  const name = `${"long-".repeat(45)}kernel`;
  const config = isolinuxConfig.replace("/boot/vmlinuz", `/boot/${name}`);
  const files = { ...live, "isolinux/isolinux.cfg": config, [`boot/${name}`]: fakeKernel() };
  expect((await describeIso(makeIso(files, ["-R"]))).entries).toHaveLength(1);
});

test.each([
  ["GRUB", "boot/grub/grub.cfg"],
  ["GRUB for UEFI", "EFI/boot/grub.cfg"],
])("the configuration of %s is found", async (_name, path) => {
  const config = "menuentry 'Install' { linux /boot/vmlinuz quiet\n initrd /boot/initrd.gz\n}\n";
  const { entries } = await describeIso(makeIso({ ...live, "isolinux/isolinux.cfg": "", [path]: config }));
  expect(entries).toMatchObject([{ title: "Install", parameters: "quiet", initrds: ["/boot/initrd.gz"] }]);
});

test("two boot loaders that boot the same have one entry, and two entries never have one title", async () => {
  const config = `
menuentry "Live system" { linux /boot/vmlinuz quiet
 initrd /boot/initrd.gz
}
menuentry "Live system" { linux /boot/vmlinuz nomodeset
 initrd /boot/initrd.gz
}`;
  const { entries } = await describeIso(makeIso({ ...live, "boot/grub/grub.cfg": config }));
  expect(entries.map(({ title, parameters }) => [title, parameters])).toEqual([
    ["Live system", "quiet"],
    ["Live system (2)", "nomodeset"],
  ]);
});

test.each([
  ["memdisk", fakeKernel({ version: "MEMDISK 6.04 2020" })],
  ["Memtest86+", fakeKernel({ version: "Memtest86+ v6.10" })],
  ["iPXE", fakeKernel({ version: "1.21.1+git-20220113" })],
  ["a program without the header of a kernel", Buffer.alloc(100_000, "x")],
  ["an empty file", Buffer.alloc(0)],
])("%s is not offered as a Linux kernel", async (_name, kernel) => {
  const { entries } = await describeIso(makeIso({ ...live, "boot/vmlinuz": kernel }));
  expect(entries).toEqual([]);
});

test.each([
  ["Debian", "12.5.0", { ".disk/info": 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST' }, ""],
  [
    "Ubuntu Server",
    "24.04.1",
    { ".disk/info": 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64' },
    "",
  ],
  ["Alpine Linux", "3.19.1", { ".alpine-release": "alpine-virt-3.19.1 240126\n" }, ""],
  ["TinyCore", undefined, { "boot/core.gz": "" }, "Core"],
  ["microcore", undefined, { "boot/core.gz": "" }, "MICROCORE"],
  ["Fedora", "39", {}, "Fedora-S-dvd-x86_64-39"],
  ["Arch Linux", "202401", {}, "ARCH_202401"],
])("%s %s is recognised, and a disk and a memory are suggested", async (name, version, files, label) => {
  const { distribution } = await describeIso(makeIso({ a: "", ...files }, ["-R", "-V", label]));
  expect(distribution).toEqual({
    name,
    ...(version && { version }),
    suggested: { size: expect.any(Number), memory: expect.any(Number) },
  });
});

test("an unknown system stays unknown", async () => {
  expect(
    (await describeIso(makeIso({ a: "", ".disk/info": "A system of mine" }))).distribution,
  ).toBeUndefined();
});

test("an ISO that only UEFI boots, or nothing, has a note about that", async () => {
  const only = makeIso(live, ["-R", "-e", "efi.img", "-no-emul-boot"]);
  expect((await describeIso(only)).notes).toEqual([expect.stringContaining("with UEFI only")]);
  expect((await describeIso(makeIso(live))).notes).toEqual([
    expect.stringContaining("does not boot as a CD"),
  ]);
});

test.each([
  ["text", "not an ISO\n"],
  ["nothing", ""],
  ["zeros", Buffer.alloc(100_000)],
])("a file with %s is not an ISO", async (_content, content) => {
  const path = join(newFolder(), "some.iso");
  writeFileSync(path, content);
  await expect(describeIso(path)).rejects.toMatchObject({
    code: "usage",
    message: `${path} is not an ISO: it has no ISO 9660 volume`,
    advice: expect.stringContaining("download it again"),
  });
});

test("a truncated ISO has a note about that, and a kernel that is missing is not offered", async () => {
  const iso = makeIso({ ...live, "a-large-file": Buffer.alloc(2 ** 20) });
  truncateSync(iso, 25 * sectorBytes);
  const { entries, notes } = await describeIso(iso);
  expect(entries).toEqual([]);
  expect(notes).toContainEqual(
    expect.stringMatching(/^The file is truncated: it has 51\.2 kB of 1\.\d MB\./),
  );
});

/** The offset of the first record of that name, with its version. */
function recordOf(bytes: Buffer, name: string): number {
  return bytes.indexOf(name, 16 * sectorBytes, "latin1") - 33;
}

test("folders that contain each other, and files larger than the ISO, end the search", async () => {
  const iso = makeIso(live, [...bios]);
  const bytes = readFileSync(iso);
  // BOOT becomes the root, and ISOLINUX's configuration has 4 GiB.
  const root = bytes.subarray(16 * sectorBytes + 156);
  root.copy(bytes, recordOf(bytes, "BOOT") + 2, 2, 18);
  bytes.writeUInt32LE(0xffffffff, recordOf(bytes, "ISOLINUX.CFG;1") + 10);
  writeFileSync(iso, bytes);
  expect((await describeIso(iso)).entries).toEqual([]);
});

test("a name that continues in itself ends", async () => {
  const iso = makeIso({ ...live, [`${"n".repeat(200)}`]: "" });
  const bytes = readFileSync(iso);
  // Each continuation of a name leads to its own place.
  for (let at = bytes.indexOf("CE\x1c\x01"); at >= 0; at = bytes.indexOf("CE\x1c\x01", at + 1)) {
    bytes.writeUInt32LE(Math.floor(at / sectorBytes), at + 4);
    bytes.writeUInt32LE(at % sectorBytes, at + 12);
  }
  writeFileSync(iso, bytes);
  expect((await describeIso(iso)).entries).toHaveLength(1);
});

test("menus that are large, or that include themselves, take no time", async () => {
  const config = `include /isolinux.cfg\nlabel a${" ".repeat(400_000)}b\nkernel /boot/vmlinuz\n`;
  const many = "label c\nkernel /boot/vmlinuz\ninitrd a,a\n".repeat(10_000);
  const quotes = `menuentry '${'"\\'.repeat(100_000)}`;
  const iso = makeIso({
    ...live,
    "isolinux.cfg": config,
    "syslinux/syslinux.cfg": many,
    "boot/grub/grub.cfg": quotes,
  });
  const started = performance.now();
  expect((await describeIso(iso)).entries).toHaveLength(2);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("any damage to an ISO is survived", async () => {
  const iso = makeIso(live, ["-R", "-J", ...bios, ...uefi]);
  const whole = readFileSync(iso);
  let state = 1;
  const next = () => {
    state = (state * 69_069 + 1) % 2 ** 32;
    return state >>> 8;
  };
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.from(whole);
    for (let change = 0; change < 20; change++)
      bytes[16 * sectorBytes + (next() % (bytes.length - 16 * sectorBytes))] = next() & 0xff;
    writeFileSync(iso, bytes.subarray(0, 16 * sectorBytes + (next() % (bytes.length - 16 * sectorBytes))));
    await describeIso(iso).catch((error) => expect(error).toMatchObject({ code: "usage" }));
  }
});
