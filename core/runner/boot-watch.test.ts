import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { watchBoot } from "./boot-watch.ts";

function boot() {
  const serial = new PassThrough();
  const stages: (readonly [stage: string, line: string])[] = [];
  const watch = watchBoot(serial, (stage, line, time) => {
    expect(time).toBeGreaterThan(1e12);
    stages.push([stage, line]);
  });
  return { stages, watch, print: (text: string) => serial.write(text) };
}

test("each stage of a boot is told once, with its line", async () => {
  const { stages, print } = boot();
  print("SeaBIOS (version 1.16.2)\r\n\x1b[0;1mISOLINUX 6.04");
  print(" CHS\r\n[    0.000000] Linux version 6.1.0\r\n[    0.000000] Command line: quiet\r\n");
  print("[    1.2345");
  print("67] Run /init as init process\r\ntc@box login: ");
  await expect.poll(() => stages.length).toBe(3);
  expect(stages).toEqual([
    ["loader", "ISOLINUX 6.04"],
    ["kernel", expect.stringMatching(/^\[ {4}0\.000000\] /)],
    ["userland", "[    1.234567] Run /init as init process"],
  ]);
});

test("a quiet guest has only the stages that it tells of, and none from before", async () => {
  const { stages, print } = boot();
  print("hello\r\nBusyBox v1.35.0 (Debian) built-in shell (ash)\r\nbox login: ");
  print("\r\n[    0.000000] Linux version 6.1.0\r\n");
  await expect.poll(() => stages).toEqual([["userland", "BusyBox v1.35.0 (Debian) built-in shell (ash)"]]);
});

test("a stage that something else tells of is not told again by the console, nor one before it", async () => {
  const { stages, watch, print } = boot();
  watch.begin("kernel", "seen");
  watch.begin("loader", "seen");
  print("ISOLINUX 6.04\r\nLinux version 6.1.0\r\nbox login: ");
  await expect.poll(() => stages.map(([stage]) => stage)).toEqual(["kernel", "userland"]);
});

test("a reset begins anew", async () => {
  const { stages, watch, print } = boot();
  print("GRUB loading\r\nbox login: ");
  await expect.poll(() => stages.length).toBe(2);
  watch.restart();
  print("GRUB loading\r\n");
  await expect.poll(() => stages.map(([stage]) => stage)).toEqual(["loader", "userland", "loader"]);
});
