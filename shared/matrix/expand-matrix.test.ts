import { expect, test } from "vitest";
import { AppError } from "../errors/errors.ts";
import { parseRecipe } from "../recipe/recipe.ts";
import { cellName, expandMatrix } from "./expand-matrix.ts";
import { parseMatrixFile } from "./matrix-file.ts";

const cellsOf = (matrix: string) => {
  const { matrix: read } = parseRecipe(`matrix:\n${matrix}`);
  return read ? expandMatrix(read).map(cellName) : [];
};
const issuesOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof AppError) return error.details;
  }
  return [];
};

test("the cells are all combinations, named by their values in a fixed order", () => {
  expect(cellsOf("  memory: [512, 1024]\n  machine: [pc.json, machines/q35.json]")).toEqual([
    "pc-512",
    "pc-1024",
    "q35-512",
    "q35-1024",
  ]);
  expect(cellsOf("  size: [1, 2]\n  guestTools: [v1.0, v1.1]")).toEqual([
    "v1.0-1G",
    "v1.0-2G",
    "v1.1-1G",
    "v1.1-2G",
  ]);
});

test("a matrix without axes has one cell", () => {
  expect(cellsOf("  {}")).toEqual(["worker"]);
});

test("values have the names that an object gives them", () => {
  const matrix = `
  guestTools:
    own:
    debug: {build: [make, debug], binary: out/tools}
  variables: {german: {LAYOUT: de}, english: {LAYOUT: us}}`;
  expect(cellsOf(matrix)).toEqual(["own-german", "own-english", "debug-german", "debug-english"]);
});

test("exclude leaves out the cells that have all of an item's values, and include adds one for each item", () => {
  const matrix = `
  machine: [pc.json, q35.json]
  memory: [512, 1024]
  exclude:
    - {machine: q35, memory: 512}
  include:
    - {machine: q35, memory: 4096}
    - {size: 8}`;
  expect(cellsOf(matrix)).toEqual(["pc-512", "pc-1024", "q35-1024", "q35-4096", "8G"]);
  expect(cellsOf("  memory: [512, 1024]\n  exclude: [{memory: 512}, {memory: 1024}]")).toEqual([]);
});

test("an error names the line, the value and the rule", () => {
  const recipe = `matrix:
  machine: [machine.json]
  memory: [512, 4x]
  guestTools:
    shell: {binry: tools.sh}
    -debug: v1
  variables: [{LAYOUT: de}]
`;
  expect(issuesOf(() => parseRecipe(recipe))).toEqual([
    "line 5: matrix.guestTools.shell.binary is missing: must be a path, relative to the recipe's folder",
    'line 5: matrix.guestTools.shell.binry is "tools.sh": unknown key; did you mean binary?',
    'line 6: matrix.guestTools.-debug is "v1": must be a name of letters, digits, and . _ + - after the first of them',
    'line 3: matrix.memory.1 is "4x": must be a whole number of MiB from 1 to 1048576',
    "line 7: matrix.variables.0 is an object: must have a name: write an object, {NAME: VALUE}, in place of the list",
  ]);
});

test("exclude and include can't name values that there are not", () => {
  const recipe = `matrix:
  machine: [pc.json, q35.json]
  memory: [512]
  exclude: [{machine: q53}, {size: 1}]
  include: [{memory: 0}, {guestTools: debug}]
`;
  expect(issuesOf(() => parseRecipe(recipe))).toEqual([
    'line 4: matrix.exclude.0.machine is "q53": must be a value of the axis machine; did you mean q35?',
    "line 4: matrix.exclude.1.size is 1: must be a value of the axis size, which this matrix does not have",
    "line 5: matrix.include.0.memory is 0: must be a value of the axis memory; known are 512",
    'line 5: matrix.include.1.guestTools is "debug": must be a value of the axis guestTools, which this matrix does not have',
  ]);
});

test("two values of a list that would have one name need other names", () => {
  expect(issuesOf(() => parseRecipe("matrix:\n  machine: [a/pc.json, b/pc.json]"))).toEqual([
    'line 2: matrix.machine.1 is "b/pc.json": must not have the name of another value, pc',
  ]);
});

test("a matrix with too many cells is refused, before they are made", () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
  const recipe = `matrix: {memory: [${numbers}], size: [${numbers.slice(0, 49)}], machine: [a, b]}`;
  expect(issuesOf(() => parseRecipe(recipe))).toEqual([
    "line 1: matrix is an object: must have at most 10000 cells: this one has 19600",
  ]);
});

test("a matrix.yaml has image sets, which exclude and include can name", () => {
  const issues = issuesOf(() =>
    parseMatrixFile("sets: [microcore]\nexclude: [{set: tinycore}]", "matrix.yaml"),
  );
  expect(issues).toEqual([
    'line 2: exclude.0.set is "tinycore": must be an image set of this file; known are microcore',
  ]);
  expect(issuesOf(() => parseMatrixFile("memory: [512]", "matrix.yaml"))).toEqual([
    "line 1: sets is missing: must be a list",
  ]);
});
