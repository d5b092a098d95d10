import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../../core/process/run-command.ts";
import { saveSnapshot } from "../../../core/qemu/process/snapshots.ts";
import { startVirtualMachine } from "../../../core/qemu/process/virtual-machine.ts";
import { openServedSession } from "../../../core/session/serve/served-session.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { toAppError } from "../../../shared/errors/errors.ts";

// Makes checkpoints of a virtual machine with 4 MB in its memory, in a folder without and with enough space.

const [small = "", large = ""] = process.argv.slice(2);
const paths = findPaths({ TINSMITH_HOME: join(large, "home") });
const session = await openServedSession(paths, {
  title: "a test",
  kind: "run",
  image: "/images/none.tar.lz4",
});
const { paths: files } = session;
const firmware = join(files.working, "firmware");
const content = join(files.working, "content");
const layer = join(files.working, "layer.qcow2");
// hlt, and again after each interrupt.
writeFileSync(firmware, Buffer.alloc(64 * 1024, Buffer.from([0xf4, 0xeb, 0xfd])));
writeFileSync(
  content,
  Uint8Array.from({ length: 4 * 1024 ** 2 }, (_, index) => (index * 2654435761) >>> 13),
);
await runCommand(["qemu-img", "create", "-q", "-f", "qcow2", layer, "1M"]);
const bare = ["-S", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "16", "-bios", firmware];
const memory = ["-device", `loader,file=${content},addr=0x200000,force-raw=on`];
const qmp = ["-chardev", `socket,id=qmp,path=${files.qmpSocket}`, "-mon", "chardev=qmp,mode=control"];
const serial = ["-serial", `unix:${files.serialSocket},server=on,wait=off`];
const disk = ["-blockdev", `driver=qcow2,node-name=disk-image,file.driver=file,file.filename=${layer}`];
const device = ["-device", "virtio-blk-pci,drive=disk-image"];
const argv = ["qemu-system-x86_64", ...bare, ...memory, ...qmp, ...serial, ...disk, ...device] as const;
await using vm = await startVirtualMachine(argv, files);
await vm.run();
const attempt = async (folder: string, tag: string) => {
  await vm.qmp.execute("stop");
  const error = await saveSnapshot(vm.qmp, { tag, memoryFile: join(folder, tag) }).then(
    () => undefined,
    (thrown) => toAppError(thrown).code,
  );
  await vm.qmp.execute("cont");
  return [error ?? "made", await vm.qmp.execute("query-status")];
};
const outcomes = [await attempt(small, "checkpoint-1"), await attempt(large, "checkpoint-2")];
process.stdout.write(JSON.stringify(outcomes));
await vm.stop();
await session[Symbol.asyncDispose]();
