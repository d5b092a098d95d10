import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Command } from "commander";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { buildCommand } from "../cli/commands/images/build.ts";
import { extractCommand } from "../cli/commands/images/extract.ts";
import { inspectCommand } from "../cli/commands/images/inspect.ts";
import { packCommand } from "../cli/commands/images/pack.ts";
import { rebuildCommand } from "../cli/commands/images/rebuild.ts";
import { recordCommand } from "../cli/commands/images/record.ts";
import { runCommand } from "../cli/commands/tasks/run.ts";
import { chooseAccelerator } from "../core/accelerator/accelerator.ts";
import { createLibraryReader } from "../core/app/library/library.ts";
import { createSessionList } from "../core/app/sessions/session-list.ts";
import { recallBuild } from "../core/builder/freshness/build-records.ts";
import { packArchive } from "../core/image/archive/pack-archive.ts";
import { temporaryFolder, writeImage } from "../core/image/test-fixtures.ts";
import { emptyIso } from "../core/iso/test-iso-files.ts";
import { warnOfStranger } from "../core/storage/known-images.ts";
import { findPaths, sessionPaths } from "../core/storage/paths.ts";
import { currentSettings } from "../core/storage/settings-store.ts";

// Each path that a person or an image set names, and each file in TINSMITH_HOME, leads to each kind of thing that is not
// a file on a disk: it is refused in words, and nothing waits for it.

let home: string;
/** A path of each kind of strange file, by the name of its kind. */
let kinds: Readonly<Record<string, string>>;
let number = 0;

beforeAll(async () => {
  const made = await temporaryFolder();
  home = made.path;
  vi.stubEnv("TINSMITH_HOME", join(home, "home"));
  const server = createServer().listen(join(home, "socket"));
  execFileSync("mkfifo", [join(home, "pipe")]);
  mkdirSync(join(home, "folder"));
  symlinkSync("loop", join(home, "loop"));
  kinds = {
    "a named pipe": join(home, "pipe"),
    "a socket": join(home, "socket"),
    "a folder": join(home, "folder"),
    "a character device": "/dev/zero",
    "a virtual file of the system": "/proc/self/mem",
    "a symbolic link that leads back to itself": join(home, "loop"),
  };
  mkdirSync(join(home, "image"));
  await writeImage(join(home, "image"));
  await packArchive({ folder: join(home, "image"), target: join(home, "good.tar.lz4") });
  writeFileSync(join(home, "good.iso"), emptyIso());
  return async () => {
    vi.unstubAllEnvs();
    server.close();
    await made[Symbol.asyncDispose]();
  };
}, 60_000);

/** A new folder in which a name leads to something. */
function folderWith(name: string, strange: string, recipe?: string): string {
  const folder = join(home, `${++number}`);
  mkdirSync(folder);
  symlinkSync(strange, join(folder, name));
  if (name !== "machine.json") writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  if (recipe !== undefined) {
    writeFileSync(join(folder, "recipe.yaml"), `${recipe}\noutputs: {setup: setup.tar.lz4}\n`);
    symlinkSync(join(home, "good.tar.lz4"), join(folder, "setup.tar.lz4"));
  }
  return folder;
}

const out = () => join(home, `${++number}.tar.lz4`);
const fromNew = (...args: string[]) => [
  "build",
  "from-new",
  join(home, "image/machine.json"),
  out(),
  ...args,
];
const rebuild = (image: string, folder: string, ...args: string[]) => [
  "rebuild",
  image,
  "--recipe",
  folder,
  ...args,
];

const record = (iso: string) => {
  const machine = join(home, "image/machine.json");
  return ["record", join(home, `${++number}`), "--boot", iso, "--machine", machine];
};

/** The arguments of a command that meets a strange file. */
const commands: Readonly<Record<string, (strange: string) => string[]>> = {
  inspect: (strange) => ["inspect", strange],
  extract: (strange) => ["extract", strange, join(home, `${++number}`)],
  run: (strange) => ["run", strange, "true"],
  "pack: disk.img": (strange) => ["pack", folderWith("disk.img", strange), out()],
  "pack: machine.json": (strange) => ["pack", folderWith("machine.json", strange), out()],
  "build from-image": (strange) => ["build", "from-image", strange, out()],
  "build from-new": (strange) => ["build", "from-new", strange, out()],
  "build --boot": (strange) => fromNew("--boot", strange),
  record: (strange) => record(strange),
  "build --cdrom": (strange) => fromNew("--cdrom", strange),
  "build --kernel": (strange) => fromNew("--kernel", strange),
  "build --initrd": (strange) => fromNew("--kernel", join(home, "good.tar.lz4"), "--initrd", strange),
  "rebuild: recipe.yaml": (strange) => rebuild("worker", folderWith("recipe.yaml", strange)),
  "rebuild: a file of the CD": (strange) =>
    rebuild("worker", folderWith("setup.sh", strange, "cd: [setup.sh]\nguestTools: {binary: machine.json}")),
  "rebuild: guest tools": (strange) =>
    rebuild("worker", folderWith("tools", strange, "guestTools: {binary: tools}")),
  "rebuild: an ISO": (strange) => rebuild("setup", folderWith("a.iso", strange, "iso: {path: a.iso}")),
  "rebuild: machine.json": (strange) =>
    rebuild("setup", folderWith("machine.json", strange, "iso: {path: ../good.iso}")),
  "rebuild --boot": (strange) => rebuild("setup", folderWith("x", strange, "size: 1"), "--boot", strange),
  "rebuild --machine": (strange) =>
    rebuild("setup", folderWith("x", strange, "iso: {path: ../good.iso}"), "--machine", strange),
};

async function tinsmith(args: readonly string[]): Promise<{ status: unknown; said: string }> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const program = new Command("tinsmith");
  for (const command of [
    inspectCommand(),
    extractCommand(),
    runCommand(),
    packCommand(),
    buildCommand(),
    rebuildCommand(),
    recordCommand(),
  ])
    program.addCommand(command);
  try {
    await program.parseAsync([...args], { from: "user" });
    return { status: process.exitCode, said: said.join("") };
  } finally {
    process.exitCode = 0;
    spy.mockRestore();
  }
}

const names = [
  "a named pipe",
  "a socket",
  "a folder",
  "a character device",
  "a virtual file of the system",
  "a symbolic link that leads back to itself",
];

describe.each(Object.keys(commands))("%s", (name) => {
  test.each(names)("refuses %s", async (kind) => {
    const { status, said } = await tinsmith(commands[name]?.(kinds[kind] ?? "") ?? []);
    expect(said).toMatch(new RegExp(`\\S+ is ${kind}(, not a file)?\n`));
    expect(said).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
  });
});

test("no virtual machine boots from a file that is not an ISO", async () => {
  const text = join(home, "text.iso");
  writeFileSync(text, "not an ISO");
  const set = (recipe: string) => rebuild("setup", folderWith("x", text, recipe), "--cold");
  for (const args of [
    fromNew("--boot", text),
    record(text),
    set("iso: {path: ../text.iso}"),
    [...set("size: 1"), "--boot", text],
  ]) {
    const { status, said } = await tinsmith(args);
    expect(said).toMatch(/\S+\.iso is not an ISO: it has no ISO 9660 volume/);
    expect(status).toBe(2);
  }
});

test.each(names)("an archive is not written over %s", async (kind) => {
  const target = out();
  symlinkSync(kinds[kind] ?? "", target);
  const { status, said } = await tinsmith(["build", "from-image", join(home, "good.tar.lz4"), target]);
  expect(said).toMatch(kind.endsWith("itself") ? "is a broken symbolic link" : `is ${kind}, not a file`);
  expect(said).not.toMatch(/\n\s+at /);
  expect(status).toBe(2);
});

test.each(names)("the window shows an image set in which files are %s", async (kind) => {
  const strange = kinds[kind] ?? "";
  const workspace = join(home, `${++number}`);
  mkdirSync(workspace);
  const recipe = "cd: [setup.sh]\niso: {path: machine.json}";
  symlinkSync(folderWith("setup.sh", strange, recipe), join(workspace, "one"));
  symlinkSync(folderWith("recipe.yaml", strange), join(workspace, "two"));
  symlinkSync(folderWith("machine.json", strange, recipe), join(workspace, "three"));
  const places = { workspaces: [workspace, strange], archives: [strange] };
  using reader = createLibraryReader(findPaths());
  const { sets, archives } = await reader.read(places, () => undefined);
  expect(sets.filter(({ problem }) => problem).map(({ name }) => name)).toEqual(
    kind.startsWith("a symbolic") ? [] : ["two"],
  );
  expect(archives[0]?.problem?.message).toContain(kind);
});

test.each(names)("what Tinsmith keeps may be replaced by %s", async (kind) => {
  const paths = findPaths({ TINSMITH_HOME: join(home, `${++number}`) });
  const archive = join(home, "good.tar.lz4");
  const put = (path: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    symlinkSync(kinds[kind] ?? "", path);
  };
  put(paths.settings);
  put(paths.knownImages);
  put(sessionPaths(paths, "20200101-000000-0000").events);
  put(join(paths.cache, "kvm-failure.json"));
  // A link that leads nowhere counts as a missing file. Missing settings are the default.
  const isMissing = kind.endsWith("itself");
  expect(currentSettings(paths).problem?.message ?? kind).toContain(kind);
  expect(warnOfStranger(paths, archive, "0".repeat(64))).toContain(isMissing ? "was not made here" : kind);
  expect(recallBuild(paths, archive)).toBeUndefined();
  const problems = (await createSessionList(paths)()).map(({ status, error }) => [status, error?.message]);
  expect(problems).toEqual([
    ["unreadable", expect.stringContaining(isMissing ? "events.jsonl does not exist" : kind)],
  ]);
  const qemu = { program: "qemu", version: "0", accelerators: ["kvm"] } as unknown as Parameters<
    typeof chooseAccelerator
  >[0];
  const choice = await chooseAccelerator(qemu, { cacheFolder: paths.cache }, async () => ({ works: true }));
  expect(choice.accelerator).toBe("kvm");
});
