import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { FileList } from "../../../shared/contents/file-list.ts";
import { findPaths, type Paths } from "../../storage/paths.ts";
import { keepFileList, recallFileList } from "./file-lists.ts";

let paths: Paths;
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), "file-lists-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  paths = findPaths({ TINSMITH_HOME: home });
});

const list = (name: string): FileList => ({
  entries: [{ path: `/${name}`, kind: "file", size: 1, allocated: 1, links: 1, digest: "00" }],
  problems: [],
});

test("the list of each archive of a path is recalled by its digest", async () => {
  await keepFileList(paths, "/a.tar.lz4", "one", list("one"));
  age("one", 10);
  await keepFileList(paths, "/a.tar.lz4", "two", list("two"));
  expect(await recallFileList(paths, "/a.tar.lz4", "two")).toEqual(list("two"));
  expect(await recallFileList(paths, "/a.tar.lz4", "one")).toEqual(list("one"));
  expect(await recallFileList(paths, "/other.tar.lz4", "one")).toBeUndefined();
});

test("the last five are kept", async () => {
  for (let index = 0; index < 7; index += 1) {
    await keepFileList(paths, "/a.tar.lz4", `${index}`, list("x"));
    age(`${index}`, 10 - index);
  }
  expect(namesOfLists().sort()).toEqual(["2", "3", "4", "5", "6"].map((name) => `${name}.json.gz`));
});

test("a damaged list is none", async () => {
  await keepFileList(paths, "/a.tar.lz4", "one", list("one"));
  writeFileSync(join(folder(), "one.json.gz"), "something else");
  expect(await recallFileList(paths, "/a.tar.lz4", "one")).toBeUndefined();
});

function folder(): string {
  return join(paths.fileLists, readdirSync(paths.fileLists)[0] ?? "");
}

function namesOfLists(): string[] {
  return readdirSync(folder());
}

/** Makes a list look as if it had been kept some minutes ago. */
function age(digest: string, minutes: number): void {
  const time = new Date(Date.now() - minutes * 60_000);
  utimesSync(join(folder(), `${digest}.json.gz`), time, time);
}
