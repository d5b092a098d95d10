import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { compareLists } from "../../../shared/contents/compare-lists.ts";
import { listAllFiles } from "../list-files.ts";
import { readAll } from "../read-all.ts";
import type { Contents } from "../tree/contents.ts";
import { ext, fat, makeWorkplace, run } from "./test-workplace.ts";

/** The image is never changed, so that tests share it. */
const usual = await makeWorkplace(afterAll);

async function textAt(contents: Contents, path: string) {
  const place = await contents.find(path);
  const pieces = await Array.fromAsync(readAll(await contents.open(place)));
  return { ...place.entry, text: Buffer.concat(pieces).toString() };
}

test.each(["ext2", "ext3", "ext4"])(
  "files are replaced and added in %s, and nothing else changes",
  async (type) => {
    const { archive, at, change, file, open } = await makeWorkplace(onTestFinished, { type });
    const before = readFileSync(archive);
    const { origin } = await change(
      "new.tar.lz4",
      { file: file("motd", "another\n", 0o600), path: `${ext}/etc/motd` },
      { file: file("tool", "x".repeat(100_000), 0o755), path: `${ext}/opt/a new tool` },
      { file: file("in root", "root"), path: `${ext}/` },
    );
    expect(readFileSync(archive)).toEqual(before);
    expect(origin.changes.map(({ path, change, size }) => [path, change, size])).toEqual([
      [`${ext}/etc/motd`, "replaced", 8],
      [`${ext}/opt/a new tool`, "added", 100_000],
      [`${ext}/in root`, "added", 4],
    ]);
    const [old, contents] = [await open(archive), await open(at("new.tar.lz4"))];
    const motd = await textAt(contents, `${ext}/etc/motd`);
    expect(motd).toMatchObject({ text: "another\n", mode: 0o644, uid: process.getuid?.(), links: 1 });
    expect(await textAt(contents, `${ext}/opt/a new tool`)).toMatchObject({ mode: 0o755, size: 100_000 });
    const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
      ignored: ["modified"],
    });
    expect(changes.map(({ path }) => path)).toEqual([
      `${ext}/etc/motd`,
      `${ext}/in root`,
      `${ext}/opt/a new tool`,
    ]);
  },
);

test("files are replaced and added in FAT", async () => {
  const { at, change, file, open } = usual;
  await change(
    "fat.tar.lz4",
    { file: file("menu.new", "another"), path: `${fat}/boot/menu.lst` },
    { file: file("kernel", Buffer.alloc(1_000_000, 7)), path: `${fat}/boot/A long name, größer.bin` },
  );
  const contents = await open(at("fat.tar.lz4"));
  expect((await textAt(contents, `${fat}/boot/menu.lst`)).text).toBe("another");
  expect((await textAt(contents, `${fat}/boot/A long name, größer.bin`)).size).toBe(1_000_000);
});

test.each([
  ["in another case", "/boot/MENU.LST", "/boot/menu.lst"],
  ["in another case, with a long name", "/a LONG näme.TXT", "/A long näme.txt"],
  ["by its short name", "/ALONGN~1.TXT", "/A long näme.txt"],
])("a file in FAT that is named %s is replaced, and keeps its name", async (how, path, name) => {
  const { archive, at, change, file, open } = usual;
  const target = `${how}.tar.lz4`;
  const { origin } = await change(target, { file: file("another", "another"), path: `${fat}${path}` });
  expect(origin.changes).toMatchObject([{ path: `${fat}${name}`, change: "replaced" }]);
  const [old, contents] = [await open(archive), await open(at(target))];
  const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
    ignored: ["modified"],
  });
  expect(changes.map((change) => [change.path, change.change])).toEqual([[`${fat}${name}`, "changed"]]);
});

test("a file in FAT whose name differs by more than case is added", async () => {
  const { change, file } = usual;
  const path = `${fat}/A long name.txt`;
  const { origin } = await change("beside.tar.lz4", { file: file("another", "another"), path });
  expect(origin.changes).toMatchObject([{ path, change: "added" }]);
});

test.each(["mydata.tgz", "mydata.tar"])("files are replaced and added in %s", async (name) => {
  const { archive, at, change, file, open } = usual;
  const inner = `${ext}/${name}`;
  const long = "long".repeat(40);
  await change(
    `${name}.tar.lz4`,
    { file: file("tool", "a new tool, which is longer", 0o600), path: `${inner}/opt/tool` },
    { file: file("added", "added", 0o755), path: `${inner}/opt/${long}` },
    { file: file("beside", "beside"), path: `${inner}/` },
  );
  const [old, contents] = [await open(archive), await open(at(`${name}.tar.lz4`))];
  const owner = { uid: 1001, gid: 50 };
  expect(await textAt(contents, `${inner}/opt/tool`)).toMatchObject({
    ...{ ...owner, mode: 0o750, text: "a new tool, which is longer" },
  });
  expect(await textAt(contents, `${inner}/opt/${long}`)).toMatchObject({
    ...owner,
    mode: 0o755,
    text: "added",
  });
  const { changes } = compareLists(await listAllFiles(old), await listAllFiles(contents), {
    ignored: ["modified"],
  });
  expect(changes.map(({ path }) => path)).toEqual([
    `${inner}/beside`,
    `${inner}/opt/${long}`,
    `${inner}/opt/tool`,
  ]);
  // GNU tar reads it, too.
  writeFileSync(
    at("read"),
    Buffer.concat(await Array.fromAsync(readAll(await contents.open(await contents.find(inner))))),
  );
  const listed = run("tar", "-tvf", at("read"));
  expect(listed).toContain("tc/staff");
  expect(listed).toContain(`opt/${long}`);
});

test("the same change gives the same bytes", async () => {
  const { at, change, file } = usual;
  const puts = [`${ext}/etc/motd`, `${ext}/new`, `${ext}/mydata.tgz/new`, `${fat}/new`].map((path) => ({
    file: file("content", "content"),
    path,
  }));
  await change("one.tar.lz4", ...puts);
  run("touch", "-d", "2001-01-01", at("content"));
  await change("two.tar.lz4", ...puts);
  expect(readFileSync(at("one.tar.lz4")).equals(readFileSync(at("two.tar.lz4")))).toBe(true);
});
