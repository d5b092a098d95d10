import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { knownVersion, readVersioned, type VersionedFormat, writeVersioned } from "./versioned-json.ts";

interface Shelf {
  readonly books: readonly string[];
}

/** Version 0 called them titles, and kept them in one text; version 1 had a list of titles. */
const format: VersionedFormat<Shelf> = {
  what: "a shelf",
  schema: z.object({ books: z.array(z.string()) }),
  migrations: [
    ({ titles }) => ({ titles: String(titles).split(", ") }),
    ({ titles, ...rest }) => ({ ...rest, books: titles }),
  ],
};

function shelfFile(content?: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "shelf.json");
  if (content !== undefined)
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test.each([
  ["without a version", { titles: "Emma, Persuasion" }],
  ["of an older version", { version: 1, titles: ["Emma", "Persuasion"] }],
  ["of the newest version", { version: 2, books: ["Emma", "Persuasion"] }],
])("a file %s is read, and stays as it is", (_, content) => {
  const path = shelfFile(content);
  expect(readVersioned(path, format)).toEqual({ books: ["Emma", "Persuasion"] });
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(content);
});

test("what is written takes the place of an older file, in the newest version", () => {
  const path = shelfFile({ titles: "Emma" });
  writeVersioned(path, format, { books: ["Emma", "Persuasion"] });
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ version: 2, books: ["Emma", "Persuasion"] });
  expect(existsSync(`${path}.partial`)).toBe(false);
});

test("a newer file is neither read nor written over, and what to do is said", () => {
  const newer = '{"version": 3, "books": {"shelf 1": ["Emma"]}}';
  const path = shelfFile(newer);
  const refusal = {
    code: "newer-version",
    message: `the file ${path} holds a shelf of version 3, and this Tinsmith supports versions up to 2`,
    advice: expect.stringContaining("Update Tinsmith"),
  };
  expect(() => readVersioned(path, format)).toThrow(expect.objectContaining(refusal));
  expect(() => writeVersioned(path, format, { books: [] })).toThrow(expect.objectContaining(refusal));
  expect(readFileSync(path, "utf8")).toBe(newer);
});

test.each([
  ["no JSON", '{"version": 2, "boo'],
  ["no object", "[]"],
  ["a version that is none", { version: "2", books: [] }],
  ["what does not belong there", { version: 2, books: [1] }],
  ["nothing", ""],
])("a file with %s is said to be damaged", (_, content) => {
  const path = shelfFile(content);
  expect(() => readVersioned(path, format)).toThrow(
    expect.objectContaining({
      code: "usage",
      message: `the file ${path} is damaged, and can't be read as a shelf`,
    }),
  );
});

test("a file that is not there is not made by reading it", () => {
  const path = shelfFile();
  expect(() => readVersioned(path, format)).toThrow("does not exist");
  expect(existsSync(path)).toBe(false);
});

test.each([{ version: "1" }, { version: -1 }, { version: null }, [1], undefined])(
  "what names no version, %j, is said to be damaged",
  (data) => {
    expect(() => knownVersion(data, 1, "a list", "/a/list")).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "the file /a/list is damaged, and can't be read as a list",
      }),
    );
  },
);
