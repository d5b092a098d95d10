import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPaths } from "../storage/paths.ts";
import { describeCommandLine } from "./qemu-command.ts";

function describe(definition: object) {
  const home = mkdtempSync(join(tmpdir(), "command-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return describeCommandLine(findPaths({ TINSMITH_HOME: home }), JSON.stringify(definition));
}

test("a definition becomes the command that a run would give", async () => {
  const { program, args } = await describe({ version: 1, memory: 128, threads: 1, cores: 2, sockets: 1 });
  expect(program).toContain("qemu-system-x86_64");
  expect(args.join(" ")).toContain("-smp cpus=2,threads=1,cores=2,sockets=1 -m size=128M");
  expect(args.join(" ")).toContain("SESSION/working/image/disk.img");
});

test("what this host puts in the place of something is said", async () => {
  const { args, notes } = await describe({ version: 1, memory: 128, keyboardLayout: "nl-be" });
  expect(args[args.indexOf("-k") + 1]).not.toBe("nl-be");
  expect(notes.join("\n")).toMatch(/This QEMU has no keyboard layout nl-be: the guest gets \S+ instead\./);
});

test("a definition of version 0 gives a command, too", async () => {
  const uuid = "52bab607-10f1-4049-a0f8-ee4725cb715b";
  const network = { device: "rtl8139", mac: "aa:54:1a:30:5c:de" };
  const { args } = await describe({ uuid, network, keyboard: { layout: "da" }, memory: 128 });
  expect(args[args.indexOf("-uuid") + 1]).toBe(uuid);
  expect(args.join(" ")).toContain("rtl8139");
});

test("a definition that is not valid, or wants more than the host has, says why there is no command", async () => {
  await expect(describe({ version: 1, colour: "red" })).rejects.toMatchObject({ code: "invalid-machine" });
  await expect(describe({ version: 1, memory: 1_048_576 })).rejects.toMatchObject({ code: "no-memory" });
});
