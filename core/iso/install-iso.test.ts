import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { type FileLock, tryLock } from "../files/locks/file-lock.ts";
import { isoPaths } from "../storage/paths.ts";
import { findInstallIso } from "./install-iso.ts";

function newFolder(): { folder: string; cache: string; working: string } {
  const root = mkdtempSync(join(tmpdir(), "tinsmith-iso-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const places = { folder: join(root, "set"), cache: join(root, "cache"), working: join(root, "working") };
  for (const place of Object.values(places)) mkdirSync(place);
  return places;
}

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** An address at which a server gives this content. */
async function serve(content: string): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/core.iso" ? 200 : 404;
    response.end(content);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${Object(server.address()).port}`;
}

const isosIn = (cache: string) => readdirSync(join(cache, "isos"));

test("a file is taken where it is, relative to the recipe's folder, unless it is empty", async () => {
  const places = newFolder();
  writeFileSync(join(places.folder, "core.iso"), "iso");
  expect(await findInstallIso({ path: "core.iso" }, places)).toBe(join(places.folder, "core.iso"));
  await expect(findInstallIso({ path: "other.iso" }, places)).rejects.toMatchObject({
    code: "missing-file",
    message: `${places.folder}/other.iso does not exist`,
  });
  writeFileSync(join(places.folder, "other.iso"), "");
  await expect(findInstallIso({ path: "other.iso" }, places)).rejects.toMatchObject({
    code: "usage",
    message: `${places.folder}/other.iso is empty, so it is not an ISO`,
  });
});

test("an ISO is built in the recipe's folder, and again only when its inputs have changed", async () => {
  const places = newFolder();
  writeProgram(join(places.folder, "build.sh"), 'echo run >> runs; cat content > "$2"');
  const write = (content: string) => writeFileSync(join(places.folder, "content"), content);
  const source = { build: ["./build.sh", "--out"] as [string, ...string[]], inputs: ["build.sh", "content"] };
  const find = () => findInstallIso(source, places);

  write("first");
  const first = await find();
  expect(readFileSync(first, "utf8")).toBe("first");
  expect(await find()).toBe(first);
  write("second");
  expect(readFileSync(await find(), "utf8")).toBe("second");
  expect(readFileSync(join(places.folder, "runs"), "utf8")).toBe("run\nrun\n");
});

/** Sets whose build command writes its first argument, and says each time that it has run. */
function newBuild() {
  const places = newFolder();
  const notes: string[] = [];
  const make = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    writeProgram(join(folder, "build.sh"), 'echo run >> runs; echo "$1 $SECRET_OF_TEST" > "$2"');
  };
  make(places.folder);
  const find = async (word: string, inputs: string[] = [], folder = places.folder) => {
    const build: [string, string] = ["./build.sh", word];
    const options = { ...places, folder, onNote: (text: string) => notes.push(text) };
    return await findInstallIso({ build, inputs }, options);
  };
  const runs = (folder = places.folder) => readFileSync(join(folder, "runs"), "utf8").split("\n").length - 1;
  return { ...places, notes, make, find, runs };
}

test("another command builds another ISO", async () => {
  const { find } = newBuild();
  expect(readFileSync(await find("AAA", ["build.sh"]), "utf8")).toBe("AAA \n");
  expect(readFileSync(await find("BBB", ["build.sh"]), "utf8")).toBe("BBB \n");
});

test("a changed program builds another ISO, though no input names it", async () => {
  const { find, folder } = newBuild();
  await find("AAA");
  writeProgram(join(folder, "build.sh"), 'echo new > "$2"');
  expect(readFileSync(await find("AAA"), "utf8")).toBe("new\n");
});

test("two sets whose recipes name no inputs do not share an ISO", async () => {
  const { find, make, folder } = newBuild();
  const other = join(folder, "other");
  make(other);
  expect(await find("AAA", [], other)).not.toBe(await find("AAA"));
  expect(await find("AAA", ["build.sh"], other)).toBe(await find("AAA", ["build.sh"]));
});

test("a build command sees nothing of the terminal's variables", async () => {
  const { find } = newBuild();
  vi.stubEnv("SECRET_OF_TEST", "secret");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(readFileSync(await find("AAA"), "utf8")).toBe("AAA \n");
});

test("a damaged ISO is built again, and that is said; one that was only touched is used", async () => {
  const { find, runs, notes } = newBuild();
  const iso = await find("AAA");
  utimesSync(iso, 1, 1);
  expect(await find("AAA")).toBe(iso);
  expect([runs(), notes]).toEqual([1, []]);
  writeFileSync(iso, "BAD \n");
  expect(readFileSync(await find("AAA"), "utf8")).toBe("AAA \n");
  expect(notes).toEqual([expect.stringContaining(`${iso} in the cache may be damaged: its SHA-256`)]);
  expect(runs()).toBe(2);
});

test("an ISO whose digest was never recorded is built again", async () => {
  const { find, runs, notes } = newBuild();
  const iso = await find("AAA");
  rmSync(iso.replace(/iso$/, "json"));
  await find("AAA");
  expect([runs(), notes]).toEqual([2, [expect.stringContaining("its digest is not recorded")]]);
});

test("of two builds of one ISO at once, one waits for the other's", async () => {
  const { find, runs } = newBuild();
  const [first, second] = await Promise.all([find("AAA"), find("AAA")]);
  expect(second).toBe(first);
  expect(runs()).toBe(1);
});

test("the next build clears what killed ones have left, and not what others are building", async () => {
  const { find, cache } = newBuild();
  const [dead, alive] = ["a", "b"].map((letter) => isoPaths(cache, letter.repeat(64)));
  if (!dead || !alive) throw new Error("no paths");
  for (const { building } of [dead, alive]) mkdirSync(building, { recursive: true });
  mkdirSync(dirname(alive.lock));
  using _lock = tryLock(alive.lock, "a builder") as FileLock;
  const ended = `${"c".repeat(64)}.iso.4194305.partial`;
  const running = `${"c".repeat(64)}.iso.${process.pid}.partial`;
  for (const name of [ended, running]) writeFileSync(join(dead.folder, name), "half");
  const iso = await find("AAA");
  const kept = [basename(iso), basename(iso).replace(/iso$/, "json"), basename(alive.building), running];
  expect(isosIn(cache).sort()).toEqual(kept.sort());
});

test("a builder that was killed leaves nothing behind, though its command still runs", async () => {
  const { folder, cache, working } = newFolder();
  const script = 'echo half > "$1"; touch started; until [ -e go ]; do sleep 0.05; done; echo whole > "$1"';
  writeProgram(join(folder, "build.sh"), script);
  const source = { build: ["./build.sh"] as [string], inputs: [] };
  const program = `
    import { findInstallIso } from ${JSON.stringify(join(import.meta.dirname, "install-iso.ts"))};
    await findInstallIso(${JSON.stringify(source)}, ${JSON.stringify({ folder, cache, working })});`;
  const builder = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
  await eventually(() => expect(readdirSync(folder)).toContain("started"));
  builder.kill("SIGKILL");
  await once(builder, "exit");
  expect(isosIn(cache)).toEqual([expect.stringMatching(/\.building$/)]);
  writeFileSync(join(folder, "go"), "");
  const iso = await findInstallIso(source, { folder, cache, working });
  expect(readFileSync(iso, "utf8")).toBe("whole\n");
  expect(isosIn(cache).sort()).toEqual([basename(iso), basename(iso).replace(/iso$/, "json")]);
});

test("a build that is ended while it waits for another one leaves that alone", async () => {
  const { folder, cache, working, find } = newBuild();
  const iso = await find("AAA");
  using _lock = tryLock(isoPaths(cache, basename(iso, ".iso")).lock, "a builder") as FileLock;
  const lines: string[] = [];
  const ended = new AbortController();
  const onLine = (line: string) => {
    lines.push(line);
    ended.abort(new Error("ended"));
  };
  const source = { build: ["./build.sh", "AAA"] as [string, string], inputs: [] };
  const waiting = findInstallIso(source, { folder, cache, working, signal: ended.signal, onLine });
  await expect(waiting).rejects.toThrow("ended");
  expect(lines).toEqual(["waiting for a builder, which is building the same ISO"]);
});

test("an ISO whose inputs change while it is built is used once and not kept, and that is said", async () => {
  const places = newFolder();
  const write = (text: string) => writeFileSync(join(places.folder, "in.txt"), text);
  writeProgram(join(places.folder, "build.sh"), '[ ! -e edit ] || mv edit in.txt; cat in.txt > "$1"');
  write("original");
  writeFileSync(join(places.folder, "edit"), "edited");
  const notes: string[] = [];
  const source = { build: ["./build.sh"] as [string], inputs: ["in.txt"] };
  const find = () => findInstallIso(source, { ...places, onNote: (text) => notes.push(text) });
  const once = await find();
  expect([readFileSync(once, "utf8"), dirname(once)]).toEqual(["edited", places.working]);
  expect(notes).toEqual([expect.stringContaining("changed while it was built")]);
  expect(isosIn(places.cache)).toEqual([]);
  write("original");
  expect(readFileSync(await find(), "utf8")).toBe("original");
  expect(notes).toHaveLength(1);
});

test("a build that fails leaves no ISO", async () => {
  const places = newFolder();
  writeProgram(join(places.folder, "build.sh"), 'echo half > "$1"; echo no space >&2; exit 1');
  const source = { build: ["./build.sh"] as [string], inputs: ["build.sh"] };
  await expect(findInstallIso(source, places)).rejects.toMatchObject({
    code: "command-failed",
    details: [expect.stringContaining("build.sh"), "no space"],
  });
  expect(isosIn(places.cache)).toEqual([]);
});

test("a build command that leaves the ISO empty has failed, and what it printed is told", async () => {
  const places = newFolder();
  writeProgram(join(places.folder, "build.sh"), 'echo nothing to do; : > "$1"');
  const source = { build: ["./build.sh"] as [string], inputs: ["build.sh"] };
  await expect(findInstallIso(source, places)).rejects.toMatchObject({
    code: "command-failed",
    message: expect.stringMatching(/^\S+build\.sh left the ISO \S+\.iso empty$/),
    advice: "The build command must write the ISO to the file that is its last argument.",
    details: [expect.stringMatching(/^command: \S+build\.sh \S+\.iso$/), "nothing to do"],
  });
  expect(isosIn(places.cache)).toEqual([]);
});

test("a download is checked against its digest, and made once", async () => {
  const places = newFolder();
  const sha256 = createHash("sha256").update("the iso").digest("hex");
  const url = `${await serve("the iso")}/core.iso`;
  const path = await findInstallIso({ url, sha256 }, places);
  expect(readFileSync(path, "utf8")).toBe("the iso");
  const gone = { url: "http://127.0.0.1:1/gone", sha256 };
  expect(await findInstallIso(gone, places)).toBe(path);
});

test("of two downloads of one ISO at once, one waits for the other's", async () => {
  const places = newFolder();
  const sha256 = createHash("sha256").update("the iso").digest("hex");
  const url = `${await serve("the iso")}/core.iso`;
  const lines: string[] = [];
  const find = () => findInstallIso({ url, sha256 }, { ...places, onLine: (line) => lines.push(line) });
  const [first, second] = await Promise.all([find(), find()]);
  expect(second).toBe(first);
  const waiting = `waiting for process ${process.pid}, which is fetching the same ISO`;
  expect(lines.sort()).toEqual([`fetching ${url}`, waiting]);
});

test("a downloaded ISO that is damaged is downloaded again, and that is said", async () => {
  const places = newFolder();
  const sha256 = createHash("sha256").update("the iso").digest("hex");
  const url = `${await serve("the iso")}/core.iso`;
  const path = await findInstallIso({ url, sha256 }, places);
  writeFileSync(path, "The iso");
  const notes: string[] = [];
  await findInstallIso({ url, sha256 }, { ...places, onNote: (text) => notes.push(text) });
  expect(readFileSync(path, "utf8")).toBe("the iso");
  expect(notes).toEqual([expect.stringContaining("may be damaged")]);
});
