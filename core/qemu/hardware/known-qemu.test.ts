import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { askQemu, askQemuAnew } from "./capabilities.ts";
import { findQemu } from "./known-qemu.ts";

vi.mock(import("./capabilities.ts"), async (original) => {
  const module = await original();
  return {
    ...module,
    // As in a new process, no answer is known yet.
    askQemu: async (program = "", ask = module.askQemuAnew) => await ask(program),
    askQemuAnew: vi.fn(module.askQemuAnew),
  };
});

/** A folder with a copy of this host's QEMU, and a cache. */
function makeHost() {
  const folder = mkdtempSync(join(tmpdir(), "qemu-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "lib/qemu"), { recursive: true });
  const program = join(folder, "bin/qemu");
  copyFileSync("/usr/bin/qemu-system-x86_64", program);
  vi.mocked(askQemuAnew).mockClear();
  const cache = join(folder, "cache");
  return { folder, program, cache, find: () => findQemu(cache, program) };
}

test("QEMU is asked once, and answers the same from the cache", async () => {
  const { program, find } = makeHost();
  const first = await find();
  expect(await find()).toEqual(first);
  expect(askQemuAnew).toHaveBeenCalledTimes(1);
  expect(first).toEqual(await askQemu(program));
});

test.each<[string, (host: ReturnType<typeof makeHost>) => void]>([
  ["another program in its place", ({ program }) => writeFileSync(program, readFileSync(program))],
  ["a module that was installed", ({ folder }) => writeFileSync(join(folder, "lib/qemu/a.so"), "")],
  ["a damaged cache", ({ cache }) => writeFileSync(join(cache, "qemu.json"), "{}")],
  ["a changed time of the program", ({ program }) => utimesSync(program, 1, 1)],
])("%s means that QEMU is asked again", async (_, change) => {
  const host = makeHost();
  await host.find();
  change(host);
  await host.find();
  expect(askQemuAnew).toHaveBeenCalledTimes(2);
});

test("a script in place of QEMU is asked each time, since it may start another QEMU", async () => {
  const { find, program } = makeHost();
  const say = (version: string) =>
    writeFileSync(program, `#!/bin/sh\n[ "$1" != --version ] || echo "QEMU emulator version ${version}"\n`);
  say("7.2");
  expect((await find()).version).toBe("7.2");
  say("8.0");
  expect((await find()).version).toBe("8.0");
});
