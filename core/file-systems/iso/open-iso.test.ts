import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FileSystem } from "../file-system.ts";
import { expectBounded } from "../test-fuzz.ts";
import { sourceOfBytes } from "../test-source.ts";
import { readTree } from "../test-tree.ts";
import { openIso } from "./open-iso.ts";

const fileTime = Date.UTC(2024, 1, 29, 23, 58, 42) / 1000;
const deep = `${Array.from({ length: 12 }, (_, index) => `level${index}`).join("/")}/deep.txt`;
const longTarget = `/${"target/".repeat(80)}end`;

/** A folder with all that an unprivileged person can make. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-iso-fs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const content = join(folder, "content");
  const files: Readonly<Record<string, string | Buffer>> = {
    empty: "",
    "README.TXT": "short",
    "large.bin": Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251)),
    [`${"long-".repeat(50)}`]: "250 characters",
    "Größe 日本 😀": "a name in UTF-8",
    [deep]: "deep",
    ...Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`many/file number ${index}`, `${index}`]),
    ),
  };
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    writeFileSync(join(content, path), bytes);
    utimesSync(join(content, path), fileTime, fileTime);
  }
  linkSync(join(content, "README.TXT"), join(content, "many", "hard link"));
  for (const [name, target] of Object.entries({
    relative: "../many/./x",
    root: "/",
    absolute: "/usr/bin",
    long: longTarget,
  }))
    symlinkSync(target, join(content, name));
  execFileSync("mkfifo", [join(content, "fifo")]);
  chmodSync(join(content, "large.bin"), 0o4751);
  return content;
}

/** @param options of `xorriso -as mkisofs` */
function makeIso(content: string, options: readonly string[]): Buffer {
  const iso = join(dirname(content), "test.iso");
  execFileSync("xorriso", ["-as", "mkisofs", "-quiet", ...options, "-o", iso, content], { stdio: "ignore" });
  return readFileSync(iso);
}

async function open(image: Buffer): Promise<FileSystem> {
  const system = await openIso(sourceOfBytes(image));
  if (!system) throw new Error("not an ISO");
  return system;
}

/** All that a folder tells of its files, by their paths. */
function truthOf(content: string) {
  const paths = execFileSync("find", ["-mindepth", "1", "-printf", "%P\\0"], {
    cwd: content,
    encoding: "utf8",
  })
    .split("\0")
    .slice(0, -1);
  return Object.fromEntries(
    paths.map((path) => {
      const file = join(content, path);
      const status = lstatSync(file);
      const kind = status.isDirectory()
        ? "folder"
        : status.isSymbolicLink()
          ? "symlink"
          : status.isFIFO()
            ? "fifo"
            : "file";
      const facts = {
        ...{ kind, mode: status.mode & 0o7777, uid: status.uid, gid: status.gid },
        modified: Math.floor(status.mtimeMs / 1000) * 1000,
        size: kind === "folder" ? undefined : status.size,
        target: kind === "symlink" ? readlinkSync(file) : undefined,
        content: kind === "file" ? readFileSync(file, "latin1") : undefined,
      };
      return [path, facts];
    }),
  );
}

async function factsOf(system: FileSystem) {
  const tree = await readTree(system);
  return Object.fromEntries(
    [...tree].map(([path, { entry, content }]) => {
      const { kind, mode, uid, gid, modified, size, target } = entry;
      const facts = { kind, mode, uid, gid, modified, size: kind === "folder" ? undefined : size };
      return [path, { ...facts, target: target?.toString(), content }];
    }),
  );
}

test("files of an ISO with Rock Ridge are those of its folder", async () => {
  const content = makeFolder();
  const system = await open(makeIso(content, ["-R", "-D", "-V", "LABEL 1", "--hardlinks"]));
  expect(system).toMatchObject({ format: "ISO 9660", label: "LABEL 1", notes: [] });
  expect(await factsOf(system)).toEqual(truthOf(content));
});

test("folders that are too deep are where they belong, though the ISO has them elsewhere", async () => {
  const content = makeFolder();
  const image = makeIso(content, ["-R", "-rr_reloc_dir", "moved"]);
  expect(image.includes("CL\x0c\x01")).toBe(true);
  expect(await factsOf(await open(image))).toEqual(truthOf(content));
});

test("hard links have one inode, and all other files their own", async () => {
  const tree = await readTree(await open(makeIso(makeFolder(), ["-R", "--hardlinks"])));
  expect(tree.get("README.TXT")?.entry.inode).toBe(tree.get("many/hard link")?.entry.inode);
  expect(tree.get("README.TXT")?.entry.links).toBe(2);
  expect(new Set([...tree.values()].map(({ entry }) => entry.inode)).size).toBe(tree.size - 1);
});

test("names of Joliet are used without Rock Ridge, and plain names without either", async () => {
  const content = makeFolder();
  const joliet = await readTree(await open(makeIso(content, ["--norock", "-J", "-joliet-long", "-D"])));
  expect(joliet.get("many/file number 7")?.content).toBe("7");
  // Joliet has no characters beyond 16 bits.
  expect(joliet.get("Größe 日本 _")?.content).toBe("a name in UTF-8");
  expect(joliet.get("README.TXT")?.entry).toMatchObject({
    ...{ kind: "file", size: 5, modified: fileTime * 1000 },
    ...{ mode: undefined, uid: undefined, gid: undefined },
  });
  expect((await readTree(await open(makeIso(content, ["--norock", "-D"])))).get("README.TXT")?.content).toBe(
    "short",
  );
});

test("files that zisofs has compressed are given as stored, with a note", async () => {
  const content = makeFolder();
  const iso = join(dirname(content), "z.iso");
  const large = join(content, "large.bin");
  execFileSync(
    "xorriso",
    ["-outdev", iso, "-map", large, "/large.bin", "-set_filter", "--zisofs", "/large.bin", "--"],
    { stdio: "ignore" },
  );
  const system = await open(readFileSync(iso));
  const tree = await readTree(system);
  expect(system.notes).toEqual([expect.stringContaining("zisofs")]);
  expect(tree.get("large.bin")?.content?.startsWith("7\xe4S\x96\xc9\xdb\xd6\x07")).toBe(true);
});

test("a truncated ISO has a note, and a file that is missing is an error", async () => {
  const image = makeIso(makeFolder(), ["-R"]);
  const system = await open(image.subarray(0, image.length - 500_000));
  expect(system.notes).toEqual(["The ISO is truncated: its end is missing."]);
  await expect(readTree(system)).rejects.toMatchObject({
    code: "damaged-file-system",
    message: expect.stringMatching(/^the ISO ends before the end of the (file|folder) "/),
  });
});

test("a folder that is larger than a folder needs is an error", async () => {
  const image = makeIso(makeFolder(), ["-R"]);
  const record = image.indexOf("MANY", 18 * 2048, "latin1") - 33;
  image.writeUInt32LE(0xffff_f000, record + 10);
  await expect(readTree(await open(image))).rejects.toMatchObject({
    message: 'the folder "many" has 4294963200 bytes, which is more than a folder needs',
  });
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(100_000)],
])("%s is not an ISO", async (_name, bytes) => {
  expect(await openIso(sourceOfBytes(bytes))).toBeUndefined();
});

test.each([
  ["Rock Ridge", ["-R", "-rr_reloc_dir", "moved"]],
  ["Joliet", ["--norock", "-J"]],
])("a damaged ISO with %s never keeps its reader busy", async (_name, options) => {
  const image = makeIso(makeFolder(), options);
  await expectBounded({
    image,
    places: [
      [16 * 2048, 3 * 2048],
      [19 * 2048, 60 * 2048],
    ],
    mostReads: 100_000,
    runs: 100,
    use: async (source) => {
      const system = await openIso(source);
      if (system) await readTree(system);
    },
  });
});
