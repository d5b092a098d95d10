import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../image/test-fixtures.ts";
import { makeFolder } from "./folders.ts";

test("a folder is made with those above it, and the outermost new one is named", async () => {
  await using home = await temporaryFolder();
  expect(makeFolder(join(home.path, "a/b/c"), { mode: 0o700 })).toBe(join(home.path, "a"));
  expect(statSync(join(home.path, "a/b")).mode & 0o777).toBe(0o700);
  expect(makeFolder(join(home.path, "a/b"))).toBeUndefined();
});

test.each(["/proc/tinsmith", "/proc/tinsmith/sessions", "/proc/self/fd/x"])(
  "a folder in a file system that takes none, %s, is refused at once",
  (folder) => {
    expect(() => makeFolder(folder)).toThrow(
      expect.objectContaining({ code: "no-permission", advice: "Choose another place." }),
    );
  },
);

test("a path that is too long is refused before any of it is made", async () => {
  await using home = await temporaryFolder();
  const long = [join(home.path, "a/b", "c".repeat(256)), join(home.path, "a/".repeat(2100))];
  for (const folder of long)
    expect(() => makeFolder(folder)).toThrow(expect.objectContaining({ code: "path-too-long" }));
  expect(readdirSync(home.path)).toEqual([]);
});

test("a file and a link that leads nowhere are no place for folders", async () => {
  await using home = await temporaryFolder();
  writeFileSync(join(home.path, "file"), "");
  symlinkSync("nowhere", join(home.path, "broken"));
  const refused = expect.objectContaining({ code: "usage", advice: expect.any(String) });
  expect(() => makeFolder(join(home.path, "file/below"))).toThrow(refused);
  expect(() => makeFolder(join(home.path, "broken"))).toThrow(refused);
  expect(existsSync(join(home.path, "nowhere"))).toBe(false);
  mkdirSync(join(home.path, "nowhere"));
  expect(makeFolder(join(home.path, "broken/below"))).toBe(join(home.path, "broken/below"));
});
