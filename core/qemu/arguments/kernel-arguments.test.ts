import { expect, test } from "vitest";
import { cdRomArguments } from "./block-arguments.ts";
import { isoKernelArguments } from "./kernel-arguments.ts";

const bootKernel = {
  rom: "/work/rom",
  loaded: [
    { path: "/work/kernel", address: 0x100000 },
    { path: "/work/a,b", address: 0x1200000 },
  ],
  ...{ memory: 0, title: "", parameters: "" },
};

test("an ISO's kernel is put into memory at each reset, and boots after the disk, in the CD's place", () => {
  expect(isoKernelArguments(bootKernel)).toEqual([
    ...["-option-rom", "romfile=/work/rom,bootindex=2"],
    ...["-device", "driver=loader,file=/work/kernel,addr=0x100000,force-raw=on"],
    ...["-device", "driver=loader,file=/work/a,,b,addr=0x1200000,force-raw=on"],
  ]);
  expect(isoKernelArguments(undefined)).toEqual([]);
  const drive = cdRomArguments({ bootIso: "/boot.iso", bootKernel }).at(-1);
  expect(drive).toContain("id=boot-cd");
  expect(drive).not.toContain("bootindex");
});
