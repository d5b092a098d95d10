import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { changeImage } from "./change-image.ts";
import { ext, fat, makeWorkplace } from "./test-workplace.ts";

/** The images are never changed, so that tests share them. */
const usual = await makeWorkplace(afterAll);
const withLinks = await makeWorkplace(afterAll, {
  commands: [
    ...["symlink link etc/motd", "ln etc/issue hard", "set_inode_field etc/issue links_count 2"],
    ...Array.from({ length: 16 }, (_, count) => `mkdir ${deepFolder(count + 1)}`),
  ],
});

function deepFolder(depth: number): string {
  return `/${"x".repeat(250)}`.repeat(depth);
}
/** Puts that are refused, with the sentence. */
const refused: readonly (readonly [string, string, string])[] = [
  ["a place outside of file systems", "/machine.json", "is not in a file system of the image"],
  ["a folder that is not there", `${ext}/gone/file`, 'has no "gone" in'],
  ["a symbolic link", `${ext}/link`, "can't be replaced: it is a symbolic link to etc/motd"],
  ["a hard link", `${ext}/hard`, "has other names (hard links)"],
  ["a name with a quote", `${ext}/a"b`, "its path has a quote or a control character"],
  ["a path that is too long for debugfs", `${ext}${deepFolder(16)}/x`, "its path has more than 4000 bytes"],
  ["a name with a line break", `${ext}/a\\x0ab`, "its path has a quote or a control character"],
  [
    "an archive without its end",
    `${ext}/cut.tar/new`,
    `${ext}/cut.tar is damaged or incomplete: the mark of its end is missing`,
  ],
  ...["padded.tgz", "tail.tgz", "tail.tar"].map(
    (name) =>
      [
        `data that follows the archive in ${name}`,
        `${ext}/${name}/opt/tool`,
        `${ext}/${name} can't be changed: other data follows the tar archive`,
      ] as const,
  ),
  [
    "a name that FAT can't have",
    `${fat}/a*b`,
    "has a character that can't be in a name of a FAT file system",
  ],
  ["a name that is too long for FAT", `${fat}/${"x".repeat(256)}`, "a name of more than 255 characters"],
  ["the name of a device of DOS", `${fat}/boot/Con`, "the name Con stands for a device in DOS"],
];

test.each(refused)("%s is refused, and nothing is left", async (_what, path, message) => {
  const { at, change, file } = withLinks;
  mkdirSync(at("home"), { recursive: true });
  const before = readdirSync(at("."));
  await expect(change("new.tar.lz4", { file: file("menu", "x"), path })).rejects.toThrow(message);
  expect(readdirSync(at("."))).toEqual(before);
});

test.each([
  ["a file system that is full", `${ext}/large`, "its file system has"],
  ["a FAT file system that is full", `${fat}/large`, "its file system has"],
])("%s is left as it is", async (_what, path, message) => {
  const { at, change, file } = usual;
  const large = file("large", Buffer.alloc(20 * 1024 ** 2, 1));
  await expect(change("new.tar.lz4", { file: large, path })).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringContaining(message),
  });
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test("a file that debugfs does not write, without saying so, is an error", async () => {
  // Without a free inode.
  const commands = Array.from({ length: 16 }, (_, count) => `symlink link${count} target`);
  const { at, change, file } = await makeWorkplace(onTestFinished, { inodes: 32, commands });
  await expect(change("new.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toMatchObject({
    code: "command-failed",
    message: `${ext}/x was not written: its file system may be full`,
  });
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test.each([
  ["was not unmounted", "set_super_value state 0", "its file system was not unmounted"],
  ["has errors", "set_super_value state 3", "its file system has errors"],
  [
    "has a journal that was not replayed",
    "feature needs_recovery",
    "the journal of its file system was not replayed",
  ],
  ["is damaged", "set_inode_field etc/issue links_count 5", "has errors"],
])("a file system that %s is refused", async (_what, command, message) => {
  const { at, change, file } = await makeWorkplace(onTestFinished, { commands: [command] });
  await expect(change("new.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toThrow(message);
  expect(existsSync(at("new.tar.lz4"))).toBe(false);
});

test("a file that appears meanwhile stays as it is", async () => {
  const { archive, at, file, paths } = usual;
  const target = at("appeared.tar.lz4");
  const changing = changeImage(paths, {
    ...{ archive, target, onNote: () => {} },
    puts: [{ file: file("x", "x"), path: `${fat}/x` }],
    pack: (options) => {
      writeFileSync(target, "somebody else's");
      return packArchive(options);
    },
  });
  await expect(changing).rejects.toMatchObject({ code: "file-exists" });
  expect(readFileSync(target, "utf8")).toBe("somebody else's");
});

test("an archive that is there is never replaced, nor is the image itself", async () => {
  const { archive, change, file } = usual;
  const before = readFileSync(archive);
  await expect(change("image.tar.lz4", { file: file("x", "x"), path: `${ext}/x` })).rejects.toMatchObject({
    code: "file-exists",
  });
  expect(readFileSync(archive).equals(before)).toBe(true);
});
