import { randomBytes } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putFile } from "../../core/vm/put-file.ts";
import { eventually } from "../eventually.ts";
import { type Stage, setStage } from "./stage.ts";

// The guest tools put files into folders of this host, which stand for the guest's.

let stage: Stage;
let from: string;
let to: string;
const put = (source: string, path: string, options = {}) =>
  putFile(stage.service().actions, join(from, source), path, options);
const modeOf = (path: string) => statSync(path).mode & 0o777;

beforeAll(async () => {
  stage = await setStage();
  from = join(stage.folder, "from");
  to = join(stage.folder, "guest");
  mkdirSync(from);
  mkdirSync(to);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("a file of 20 MB arrives byte for byte, with its mode, and its progress is told to the end", async () => {
  const bytes = randomBytes(20_000_000);
  writeFileSync(join(from, "large"), bytes, { mode: 0o640 });
  const seen: number[] = [];
  const onProgress = (now: { bytes: number; total: number }) => {
    expect(now.total).toBe(bytes.length);
    seen.push(now.bytes);
  };
  const path = join(to, "as another name");
  expect(await put("large", path, { onProgress })).toEqual({ path, bytes: bytes.length });
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(modeOf(path)).toBe(0o640);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.at(-1)).toBe(bytes.length);
});

test("an empty file, and a name of every kind, go below a folder under their own name", async () => {
  for (const name of ["empty", "ü -dash $(no) '\"\\", "line\nbreak"]) {
    writeFileSync(join(from, name), "");
    expect(await put(name, to)).toEqual({ path: join(to, name), bytes: 0 });
    expect(readFileSync(join(to, name), "utf8")).toBe("");
  }
});

test("a program replaces the one that runs under its name", async () => {
  const path = join(to, "program");
  writeFileSync(path, "#!/bin/sh\necho old", { mode: 0o755 });
  writeFileSync(join(from, "program"), "#!/bin/sh\necho new", { mode: 0o755 });
  const before = statSync(path).ino;
  await put("program", path);
  expect(readFileSync(path, "utf8")).toContain("new");
  expect([modeOf(path), statSync(path).ino === before]).toEqual([0o755, false]);
});

test("a folder arrives with its modes, links, empty folders and hidden files", async () => {
  const folder = join(from, "tree");
  mkdirSync(join(folder, "deep/empty"), { recursive: true });
  chmodSync(join(folder, "deep"), 0o700);
  writeFileSync(join(folder, "deep/run"), randomBytes(300_000), { mode: 0o755 });
  writeFileSync(join(folder, ".hidden ü"), "hidden");
  writeFileSync(join(folder, `${"long".repeat(24)}`), "long");
  symlinkSync("deep/run", join(folder, "link"));
  const path = join(to, "tree");
  expect(await put("tree", `${to}/`)).toEqual({ path, bytes: 300_010 });
  expect(readFileSync(join(path, "deep/run")).equals(readFileSync(join(folder, "deep/run")))).toBe(true);
  expect([modeOf(join(path, "deep")), modeOf(join(path, "deep/run"))]).toEqual([0o700, 0o755]);
  expect(readdirSync(path).sort()).toEqual(readdirSync(folder).sort());
  expect(readdirSync(join(path, "deep/empty"))).toEqual([]);
  expect(readlinkSync(join(path, "link"))).toBe("deep/run");
});

test("a folder that is there keeps its other files, and gets the new ones", async () => {
  mkdirSync(join(from, "both/sub/more"), { recursive: true });
  writeFileSync(join(from, "both/sub/more/file"), "new");
  writeFileSync(join(from, "both/sub/changed"), "new");
  mkdirSync(join(to, "both/sub"), { recursive: true });
  for (const name of ["kept", "sub/kept", "sub/changed"]) writeFileSync(join(to, "both", name), "old");
  await put("both", to);
  const read = (name: string) => readFileSync(join(to, "both", name), "utf8");
  expect(["kept", "sub/kept", "sub/changed", "sub/more/file"].map(read)).toEqual([
    "old",
    "old",
    "new",
    "new",
  ]);
});

test("a transfer that is cancelled leaves the old file, and nothing else", async () => {
  const path = join(to, "precious");
  writeFileSync(path, "old");
  const cancel = new AbortController();
  const onProgress = () => cancel.abort(new Error("cancelled"));
  await expect(put("large", path, { signal: cancel.signal, onProgress })).rejects.toThrow("cancelled");
  await eventually(() => expect(readdirSync(to).filter((name) => name.startsWith(".tinsmith"))).toEqual([]));
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("a transfer whose file shrinks meanwhile leaves the old one, and says so", async () => {
  const path = join(to, "shrunk");
  writeFileSync(path, "old");
  writeFileSync(join(from, "shrinking"), randomBytes(8_000_000));
  const onProgress = () => writeFileSync(join(from, "shrinking"), "");
  await expect(put("shrinking", path, { onProgress })).rejects.toMatchObject({ code: "file-changed" });
  await eventually(() => expect(readdirSync(to).filter((name) => name.startsWith(".tinsmith"))).toEqual([]));
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("the guest's reasons are told in words, and nothing changes", async () => {
  writeFileSync(join(from, "small"), "x");
  await expect(put("small", "/dev/full/below")).rejects.toMatchObject({
    code: "guest-file-missing",
    message: "the guest has no folder /dev/full/",
  });
  await expect(put("small", join(to, "none/"))).rejects.toMatchObject({ code: "guest-file-missing" });
  await expect(put("small", "/dev/null")).rejects.toThrow("/dev/null is a device, socket or pipe");
  await expect(put("small", "relative")).rejects.toMatchObject({ code: "usage", field: "path" });
  mkdirSync(join(to, "taken/small"), { recursive: true });
  await expect(put("small", join(to, "taken"))).rejects.toThrow("is a folder in the guest");
  await expect(put("tree", join(to, "precious"))).rejects.toThrow("is a file in the guest");
  await expect(put("small", "/proc/here")).rejects.toThrow(/the guest could not write \/proc\/here: /);
  expect(lstatSync(join(to, "taken/small")).isDirectory()).toBe(true);
});

test("a guest without a program that is needed names it", async () => {
  const programs = join(stage.folder, "programs");
  mkdirSync(programs);
  for (const name of ["rm", "mv", "wc", "chmod"]) symlinkSync(`/bin/${name}`, join(programs, name));
  await using poor = await setStage({ config: `env: {PATH: ${programs}}\n` });
  await expect(putFile(poor.service().actions, join(from, "small"), join(poor.folder, "x"))).rejects.toThrow(
    "the guest has no program cat, which it needs to receive files",
  );
});
