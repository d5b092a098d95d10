import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { startVirtualMachine } from "../qemu/process/virtual-machine.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import { createNetworkDump } from "./network-dump.ts";

// A real QEMU, whose processor stays halted.

async function start(quota?: number) {
  const { paths: files } = await openTestSession(newHome());
  const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "16", "-display", "none"];
  const qmp = ["-chardev", `socket,id=qmp,path=${files.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
  const serial = ["-serial", `unix:${files.serialSocket},server=on,wait=off`];
  const network = ["-netdev", "user,id=card-port,restrict=on", "-device", "e1000,netdev=card-port"];
  const vm = await startVirtualMachine(["qemu-system-x86_64", ...bare, ...qmp, ...serial, ...network], files);
  onTestFinished(() => vm[Symbol.asyncDispose]());
  const notes: string[] = [];
  let changes = 0;
  const onChange = () => {
    changes += 1;
  };
  const dump = createNetworkDump(vm.qmp, { onNote: (text) => notes.push(text), onChange, quota });
  onTestFinished(() => dump[Symbol.dispose]());
  return { dump, notes, changes: () => changes, target: join(files.working, "network.pcap") };
}

test("a recording has a new file of its own, for this user only, and can be followed by another", async () => {
  const { dump, notes, changes, target } = await start();
  await dump.start(target);
  expect(dump.target()).toBe(target);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  // The header of a pcap file.
  expect(readFileSync(target).readUInt32LE(0)).toBe(0xa1b2c3d4);
  await expect(dump.start(`${target}2`)).rejects.toMatchObject({ code: "busy" });
  await dump.stop();
  expect(dump.target()).toBe(undefined);
  await expect(dump.start(target)).rejects.toMatchObject({ code: "file-exists" });
  await dump.start(`${target}2`);
  expect(changes()).toBe(3);
  expect(notes).toEqual([
    `All packets of the guest's network are recorded in ${target}, unencrypted.`,
    `The recording of the network was ended. The network's packets are in ${target}.`,
    expect.stringContaining(`${target}2`),
  ]);
});

test("a recording that has reached its quota ends", async () => {
  const { dump, notes, target } = await start(24);
  await dump.start(target);
  await eventually(() => expect(notes.at(-1)).toContain("has reached 24 bytes, and has ended"));
  expect(dump.target()).toBe(undefined);
  writeFileSync(`${target}2`, "kept");
  await expect(dump.start(`${target}2`)).rejects.toMatchObject({ code: "file-exists" });
  expect(readFileSync(`${target}2`, "utf8")).toBe("kept");
});
