import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readers } from "./read-files.ts";

// A folder such as 0.1 has files of each format as that version of Tinsmith has written or read them, and beside each, as NAME.read.json, the
// values that it has read. Files of a version that was released are never changed: later versions must read them as the same values.
// For new files, UPDATE_FORMATS=1 writes the values.

const folders = readdirSync(import.meta.dirname).filter((name) => /^\d+\.\d+$/.test(name));
const files = folders.flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((name) => !name.endsWith(".read.json"))
    .map((name) => ({ name: join(folder, name), path: join(import.meta.dirname, folder, name) })),
);

test.each(files)("$name is read as before", async ({ path }) => {
  const [, read] = readers.find(([end]) => path.endsWith(end)) ?? [];
  const values = JSON.parse(JSON.stringify(await read?.(path)));
  const expected = `${path}.read.json`;
  if (process.env.UPDATE_FORMATS && !existsSync(expected))
    writeFileSync(expected, `${JSON.stringify(values, null, 2)}\n`);
  expect(values).toMatchObject(JSON.parse(readFileSync(expected, "utf8")));
});

test("each version has files of each kind", () => {
  for (const folder of folders) {
    const names = files.filter(({ name }) => name.startsWith(`${folder}/`)).map(({ path }) => path);
    expect(readers.map(([end]) => end).filter((end) => !names.some((name) => name.endsWith(end)))).toEqual(
      [],
    );
  }
});
