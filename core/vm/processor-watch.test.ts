import { expect, test } from "vitest";
import { stageOfProcessor, watchProcessor } from "./processor-watch.ts";

const narrow = (instruction: string, base: string, control: string) =>
  `CPU#0\nEAX=00000000 EBX=00000000\nEIP=${instruction} EFL=00000006 [-----P-] CPL=0\n` +
  `CS =0008 ${base} ffffffff 00cf9b00 DPL=0 CS32 [-RA]\nCR0=${control} CR2=00000000\n`;
const wide = (instruction: string) => `CPU#0\nRAX=0000000000000000\nRIP=${instruction} RFL=00000246\n`;

test.each([
  ["the reset vector", narrow("0000fff0", "ffff0000", "60000010"), undefined],
  ["SeaBIOS", narrow("000efbbf", "00000000", "00000011"), undefined],
  ["SeaBIOS below ISOLINUX", narrow("00003b20", "00000000", "00000010"), undefined],
  ["ISOLINUX", narrow("00008cd4", "00000000", "00000010"), "loader"],
  ["a boot sector in real mode", narrow("00000010", "00007c00", "00000010"), "loader"],
  ["a kernel that unpacks itself", narrow("0010004f", "00000000", "00000011"), undefined],
  ["Linux of 32 bits", narrow("c8063e52", "00000000", "80050033"), "kernel"],
  ["a program on Linux of 32 bits", narrow("08174164", "00000000", "80050033"), undefined],
  ["UEFI", wide("000000003e9a1c40"), undefined],
  ["Linux of 64 bits", wide("ffffffff8104a2b0"), "kernel"],
  ["nothing that it knows", "Unknown command", undefined],
])("the processor in %s", (_name, registers, stage) => {
  expect(stageOfProcessor(registers)).toBe(stage);
});

test("a boot is watched until the kernel runs, and once more after a reset", async () => {
  const seen: string[] = [];
  const answers = [
    narrow("000efbbf", "00000000", "00000011"),
    narrow("00008cd4", "00000000", "00000010"),
    narrow("c8063e52", "00000000", "80050033"),
  ];
  let looks = 0;
  const qmp = { execute: async () => answers[looks++ % answers.length] };
  const watch = watchProcessor(qmp, (stage) => void seen.push(stage));
  await expect.poll(() => seen).toEqual(["loader", "kernel"]);
  expect(looks).toBe(3);
  watch.restart();
  await expect.poll(() => seen).toEqual(["loader", "kernel", "loader", "kernel"]);
});

test("a processor that can't be asked ends the watch", async () => {
  let looks = 0;
  const execute = async () => {
    looks += 1;
    throw new Error("QEMU has ended");
  };
  watchProcessor({ execute }, () => {});
  await expect.poll(() => looks).toBe(1);
});
