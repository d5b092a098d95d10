import { expect, test } from "vitest";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
const ask = (...args: readonly string[]) => tinsmith(workshop, args);
const sh = async (script: string) => (await ask("shell", "--", "sh", "-ec", script)).stdout.toString();

/** Writes a file to the disk, which cannot be written to afterwards: its journal has nothing that is not in its place. */
const write = (text: string) =>
  sh(`mount -o remount,rw /mnt/vda2; echo ${text} >/mnt/vda2/note; mount -o remount,ro /mnt/vda2; echo done`);

test("the disk at a checkpoint of a running guest is read as it was, while the guest writes to it", async () => {
  const ready = Promise.withResolvers<void>();
  let interrupt = (_signal: NodeJS.Signals) => {};
  const run = ["run", "--warm", "--keep-alive", workshop.workerImage, "--", "echo", "ready"];
  const ended = tinsmith(workshop, run, {
    onStdout: (text, kill) => {
      interrupt = kill;
      if (text.includes("ready")) ready.resolve();
    },
  });
  await Promise.race([ready.promise, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  expect(await write("before")).toContain("done");
  await ask("checkpoint", "make", "a moment");
  expect(await write("afterwards")).toContain("done");
  const read = await ask("cat-image", "checkpoint:a moment:/note");
  expect(read).toMatchObject({ exitStatus: 0, stderr: "" });
  expect(read.stdout.toString()).toBe("before\n");
  await ask("checkpoint", "make", "another");
  const differing = await ask("diff", "--ignore", "times", "checkpoint:a moment", "checkpoint:another");
  expect(differing.stdout.toString()).toContain("M /disk.img/partition2/note: 7 bytes -> 11 bytes");
  // The guest's disk is whole: it still works with it.
  expect(await sh("cat /mnt/vda2/note")).toContain("afterwards");
  interrupt("SIGINT");
  await ended;
});
