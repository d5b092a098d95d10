import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRegularFile } from "../core/files/regular-file.ts";
import { extractArchive } from "../core/image/archive/extract-archive.ts";
import { readMachineFile } from "../core/image/read-machine.ts";
import { temporaryFolder } from "../core/image/test-fixtures.ts";
import { readImageSet } from "../core/image-set/image-set.ts";
import { readMatrix } from "../core/matrix/read-matrix.ts";
import { AppError } from "../shared/errors/errors.ts";
import { badArchives } from "./bad-inputs/archives.ts";
import { makeBadPaths } from "./bad-inputs/paths.ts";
import { type BadTexts, badMachines, badMatrices, badRecipes } from "./bad-inputs/texts.ts";

// docs/bad-inputs.md is made here: UPDATE_DOCS=1 npx vitest run --project unit tests/bad-inputs.test.ts

const document = join(import.meta.dirname, "../docs/bad-inputs.md");
/** A row of the table never shows more of an error's details than these. */
const shownDetails = 4;

/** The row for an input that is refused; any other error than the one that says so ends the test. */
function row(title: string, error: unknown): string {
  if (!(error instanceof AppError)) throw new Error(`${title}: not refused, but failed`, { cause: error });
  expect(error.code, title).toMatch(/^(invalid-.+|usage|missing-file|path-too-long)$/);
  expect(error.advice, title).toBeTruthy();
  const details = error.details.filter((line) => line.trim());
  const hidden = details.length - shownDetails;
  const lines = [error.message, ...details.slice(0, shownDetails)];
  if (hidden > 0) lines.push(`(and ${hidden} more)`);
  return `| ${title} | ${lines.map(cell).join("<br>")} |`;
}

function cell(line: string): string {
  const shown = line.length > 300 ? `${line.slice(0, 300)}...` : line;
  return `\`${shown.replaceAll("|", "\\|")}\``;
}

function section(name: string, rows: readonly string[]): string {
  return `## ${name}\n\n| input | message |\n|---|---|\n${rows.join("\n")}\n`;
}

async function tryArchive(archive: Buffer): Promise<unknown> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "image.tar.lz4");
  await writeFile(path, archive);
  const error: unknown = await extractArchive({ archive: path, folder: join(folder.path, "out") }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(await readdir(folder.path)).toEqual(["image.tar.lz4"]);
  if (!(error instanceof AppError)) return error;
  const message = error.message
    .replace(`${folder.path}/`, "")
    // Other versions of qemu-img say other things.
    .replace(/(qemu-img does not accept it as \w+: ).*/s, "$1...");
  return new AppError({ ...error.toJSON(), message });
}

async function tryText(
  read: (path: string) => unknown,
  name: string,
  text: string | Buffer,
): Promise<unknown> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, name);
  await writeFile(path, text);
  try {
    return read(path);
  } catch (error) {
    if (!(error instanceof AppError)) return error;
    return new AppError({ ...error.toJSON(), message: error.message.replace(`${folder.path}/`, "") });
  }
}

async function textRows(read: (path: string) => unknown, name: string, texts: BadTexts): Promise<string[]> {
  const rows: string[] = [];
  for (const [title, text] of Object.entries(texts)) rows.push(row(title, await tryText(read, name, text)));
  return rows;
}

async function pathRows(): Promise<string[]> {
  await using folder = await temporaryFolder();
  using bad = makeBadPaths(folder.path);
  const rows: string[] = [];
  for (const [title, path] of Object.entries(bad.paths)) {
    const error = await openRegularFile(path).catch((thrown: unknown) => thrown);
    const isRefused = error instanceof AppError;
    const message = isRefused ? error.message.replace(`${folder.path}/`, "") : "";
    rows.push(row(title, isRefused ? new AppError({ ...error.toJSON(), message }) : error));
  }
  return rows;
}

test("bad inputs get the messages that the documentation lists, and archives leave nothing", async () => {
  const archives = await Promise.all(
    Object.entries(badArchives).map(async ([title, archive]) => row(title, await tryArchive(archive))),
  );
  const machines = await textRows(readMachineFile, "machine.json", badMachines);
  const recipes = await textRows(readImageSet, "recipe.yaml", badRecipes);
  const matrices = await textRows(readMatrix, "matrix.yaml", badMatrices);
  const made = [
    "# Bad inputs\n\nThis page shows you invalid inputs and Tinsmith's messages. `tests/bad-inputs.test.ts` tries each of them and generates this page.\n",
    section("Archives", archives),
    section("machine.json", machines),
    section("recipe.yaml", recipes),
    section("matrix.yaml", matrices),
    section("Paths of any file", await pathRows()),
  ].join("\n");
  if (process.env.UPDATE_DOCS) await writeFile(document, made);
  expect(made).toBe(await readFile(document, "utf8"));
}, 240_000);
