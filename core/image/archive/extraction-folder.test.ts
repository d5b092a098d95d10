import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { link, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import { newExtractionFolder } from "../../files/writing/temporary-names.ts";
import { temporaryFolder } from "../test-fixtures.ts";
import { extractArchive } from "./extract-archive.ts";
import { PartialFolder } from "./partial-folder.ts";
import { good, machineText } from "./test-archive.ts";

test("an empty folder is used, and emptied again after a refusal", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  await writeFile(join(folder.path, "bad.tar.lz4"), good.subarray(0, -1));
  await expect(extractArchive({ archive: join(folder.path, "bad.tar.lz4"), folder: out })).rejects.toThrow(
    "refused",
  );
  expect(await readdir(out)).toEqual([]);
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
});

test("what a killed process has left of an extraction is in nobody's way", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  await writeFile(join(left, "disk.img"), "half of it");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
});

test.each([
  { title: "a file of somebody's", there: ["notes"], partial: ["disk.img", "layer.qcow2", "machine.json"] },
  {
    title: "somebody's definition",
    there: ["machine.json"],
    partial: ["disk.img", "layer.qcow2", "machine.json"],
  },
  { title: "somebody's disk", there: ["disk.img"], partial: ["layer.qcow2", "machine.json"] },
])("$title beside what a killed process has left is left alone", async ({ there, partial }) => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  for (const name of there) await writeFile(join(out, name), "theirs");
  for (const name of partial) await writeFile(join(left, name), "ours");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  const extraction = extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect((await readdir(out)).sort()).toEqual([basename(left), ...there]);
  for (const name of there) expect(await readFile(join(out, name), "utf8")).toBe("theirs");
});

/** Extracts the good archive to `out`, where something happens meanwhile. @returns the error */
async function extractDuring(folder: string, happen: (out: string) => void): Promise<unknown> {
  const out = join(folder, "out");
  await mkdir(out);
  await writeFile(join(folder, "good.tar.lz4"), good);
  const onProgress = vi.fn().mockImplementationOnce(() => happen(out));
  const archive = join(folder, "good.tar.lz4");
  return await extractArchive({ archive, folder: out, onProgress }).catch((error: unknown) => error);
}

test.each(["machine.json", "layer.qcow2", "disk.img"])(
  "somebody's %s that appears during the extraction is kept, and nothing else stays",
  async (name) => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    const thrown = await extractDuring(folder.path, () => writeFileSync(join(out, name), "theirs"));
    expect(thrown).toMatchObject({
      code: "file-exists",
      message: `${join(out, name)} already exists`,
    });
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), "utf8")).toBe("theirs");
  },
);

test.each([
  { title: "removed", happen: (out: string) => rmSync(out, { recursive: true }), left: [] },
  { title: "moved", happen: (out: string) => renameSync(out, `${out}.moved`), left: ["out.moved"] },
  {
    title: "swapped for a link",
    happen: (out: string) => {
      renameSync(out, `${out}.moved`);
      mkdirSync(`${out}.other`);
      symlinkSync("out.other", out);
    },
    left: ["out", "out.moved", "out.other"],
  },
])("a folder that is $title during the extraction is said to be gone, and stays empty", async (example) => {
  await using folder = await temporaryFolder();
  const thrown = await extractDuring(folder.path, example.happen);
  expect(thrown).toMatchObject({
    code: "missing-file",
    message: expect.stringContaining(`the folder ${join(folder.path, "out")} was removed or moved`),
  });
  expect((await readdir(folder.path)).sort()).toEqual(["good.tar.lz4", ...example.left]);
  for (const name of example.left) expect(await readdir(join(folder.path, name))).toEqual([]);
});

test("a process that was killed while it gave a file its name is in nobody's way", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(out);
  const left = newExtractionFolder(out);
  await mkdir(left);
  for (const name of ["machine.json", "layer.qcow2", "disk.img"]) await writeFile(join(left, name), "ours");
  await link(join(left, "machine.json"), join(out, "machine.json"));
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  await extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  expect((await readdir(out)).sort()).toEqual(["disk.img", "layer.qcow2", "machine.json"]);
  expect(await readFile(join(out, "machine.json"), "utf8")).toBe(machineText);
});

test("two can't extract to one folder at once", async () => {
  await using folder = await temporaryFolder();
  await using other = await PartialFolder.create(folder.path);
  const archive = join(other.path, "good.tar.lz4");
  await writeFile(archive, good);
  await expect(extractArchive({ archive, folder: folder.path })).rejects.toMatchObject({ code: "busy" });
});

test("a person's own folder .partial is left alone", async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await mkdir(join(out, ".partial"), { recursive: true });
  await writeFile(join(out, ".partial/notes"), "theirs");
  await writeFile(join(folder.path, "good.tar.lz4"), good);
  const extraction = extractArchive({ archive: join(folder.path, "good.tar.lz4"), folder: out });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect(await readFile(join(out, ".partial/notes"), "utf8")).toBe("theirs");
});

test("a folder with something in it is left alone", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "a.tar.lz4"), good);
  await symlink("/etc/passwd", join(folder.path, "disk.img"));
  const extraction = extractArchive({ archive: join(folder.path, "a.tar.lz4"), folder: folder.path });
  await expect(extraction).rejects.toMatchObject({ code: "file-exists" });
  expect((await readdir(folder.path)).sort()).toEqual(["a.tar.lz4", "disk.img"]);
});
