import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeImage } from "../../contents/tree/test-disk.ts";
import { openUnpacked } from "../../image/archive/open-image.ts";
import { createLayer } from "../../image/disk/disk-image.ts";
import { keepCheckpoint } from "../../states/kept-checkpoints.ts";
import { testRecord } from "../../states/test-kept-checkpoint.ts";
import { findPaths } from "../../storage/paths.ts";
import { openSource } from "./open-source.ts";

const onNote = () => {};
const session = "20261124-050313-d739";

/** An image in the cache, whose file `etc/motd` says hello. */
async function makeHome() {
  const home = mkdtempSync(join(tmpdir(), "tinsmith-source-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const archive = await makeImage(home, "test", { etc: { motd: "hello" } });
  const image = await openUnpacked(paths, { archive, ownFolder: join(home, "own"), onNote });
  image[Symbol.dispose]();
  const disk = join(image.folder, "disk.img");
  /** Makes a layer on that disk, on which a guest has changed the file's content. */
  const writeLayer = async (layer: string, content: string, ...moments: readonly string[]) => {
    await createLayer(layer, Number(execFileSync("stat", ["-c", "%s", disk])));
    change(layer, content);
    for (const moment of moments) execFileSync("qemu-img", ["snapshot", "-c", moment, asImage(layer)]);
  };
  const asImage = (layer: string) =>
    `json:${JSON.stringify({ driver: "qcow2", file: { driver: "file", filename: layer }, backing: { driver: "raw", file: { driver: "file", filename: disk }, "read-only": true } })}`;
  const place = execFileSync("grep", ["-abo", "hello", disk]).toString().split(":")[0];
  const change = (layer: string, content: string) => {
    const bytes = [...Buffer.from(content)].map((byte, at) => [
      "-c",
      `write -P ${byte} ${Number(place) + at} 1`,
    ]);
    execFileSync("qemu-io", [...bytes.flat(), asImage(layer)], { stdio: "pipe" });
  };
  const read = async (source: string) => {
    await using contents = await openSource(paths, source, { readsAll: true, onNote });
    const content = await contents.open(await contents.find("/etc/motd"));
    return (await content.read(0, content.size)).toString();
  };
  return { home, paths, archive, digest: image.digest, writeLayer, change, read };
}

test("an archive is opened by its path", async () => {
  const { archive, read } = await makeHome();
  expect(await read(archive)).toBe("hello");
});

test("the disk that a failed build has kept is opened by the id of its session, or by its folder", async () => {
  const { paths, digest, writeLayer, read } = await makeHome();
  const folder = join(paths.sessions, session, "kept-work", "image");
  mkdirSync(folder, { recursive: true });
  await writeLayer(join(folder, "layer.qcow2"), "built");
  writeFileSync(join(folder, "backing"), digest);
  for (const source of [session, folder, join(folder, ".."), join(paths.sessions, session)])
    expect(await read(source)).toBe("built");
  writeFileSync(join(folder, "backing"), "a".repeat(64));
  await expect(read(session)).rejects.toThrow("is not in the cache any more");
  await expect(read(paths.sessions)).rejects.toThrow("has no disk that a failed build has kept");
});

test("a kept checkpoint is opened by its name, with the disk as it was then", async () => {
  const { paths, digest, writeLayer, change, read } = await makeHome();
  await keepCheckpoint(
    paths,
    { ...testRecord, name: "before: the update", digest },
    {
      copy: async ({ memory, layer }) => {
        writeFileSync(memory, "");
        await writeLayer(layer, "start", testRecord.tag);
        change(layer, "later");
      },
      signal: new AbortController().signal,
      onNote,
    },
  );
  expect(await read("checkpoint:before: the update")).toBe("start");
  await expect(read("checkpoint:another")).rejects.toThrow('there is no checkpoint "another"');
});
