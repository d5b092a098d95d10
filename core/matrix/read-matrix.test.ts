import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import { readMatrix } from "./read-matrix.ts";
import { makeMatrixSet } from "./test-matrix-set.ts";

const namesIn = (place: string) => readMatrix(place).cells.map(({ name }) => name);

test("each cell of a recipe has a place of its own in the image set, with the ending of the worker image", () => {
  const { folder } = makeMatrixSet("matrix: {memory: [512, 1024]}\noutputs: {worker: w.tar.zst}\n");
  const { path, cells } = readMatrix(folder);
  expect(path).toBe(join(folder, "recipe.yaml"));
  expect(cells.map(({ name, output }) => [name, output])).toEqual([
    ["small/512", join(folder, "matrix/512.tar.zst")],
    ["small/1024", join(folder, "matrix/1024.tar.zst")],
  ]);
});

test("an image set without a matrix has one cell", () => {
  const { folder } = makeMatrixSet("");
  expect(namesIn(folder)).toEqual(["small/worker"]);
});

test("a matrix.yaml has one matrix for several image sets, or gathers theirs", () => {
  const { home, addSet } = makeMatrixSet("matrix: {memory: [512, 1024]}\n");
  addSet("plain", "");
  const file = join(home, "matrix.yaml");
  writeFileSync(file, "sets: [small, plain]\n");
  expect(namesIn(home)).toEqual(["small/512", "small/1024", "plain/worker"]);
  writeFileSync(
    file,
    "sets: [small, ./plain/]\nmemory: [256, 300]\nexclude: [{set: plain, memory: 300}]\ninclude: [{set: small, size: 2}]\n",
  );
  expect(namesIn(file)).toEqual(["small/256", "small/300", "small/2G", "plain/256"]);
});

test("two cells of one name are refused", () => {
  const { folder } = makeMatrixSet("matrix: {memory: [512, 1024], include: [{memory: 512}]}\n");
  expect(() => readMatrix(folder)).toThrow(AppError);
  try {
    readMatrix(folder);
  } catch (error) {
    expect((error as AppError).details).toEqual([
      "two cells are called small/512: give their values other names",
    ]);
  }
});

test("ten thousand cells are read within two seconds", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => 256 + index);
  const versions = numbers(10).map((number) => `v${number}`);
  const { folder } = makeMatrixSet(`matrix:
  memory: [${numbers(25)}]
  size: [${numbers(10).map((number) => number - 255)}]
  machine: {a: machine.json, b: large.json, c: c.json, d: d.json}
  guestTools: [${versions}]
`);
  const started = performance.now();
  expect(readMatrix(folder).cells).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(2_000);
});
