import { expect, test } from "vitest";
import { parseCellFilter } from "./cell-filter.ts";
import { cellName, expandMatrix } from "./expand-matrix.ts";
import { matrixSchema } from "./matrix-schema.ts";

const matrix = matrixSchema.parse({
  machine: ["pc.json", "q35.json"],
  guestTools: ["v1.0", "v1.1"],
  memory: [512, 1024],
  include: [{ memory: 2048 }],
});
const cells = expandMatrix(matrix).map((values) => ({
  name: `small/${cellName(values)}`,
  set: "small",
  values,
}));
const chosen = (filter: string) => cells.filter(parseCellFilter(filter)).map(({ name }) => name.slice(6));

test("terms compare names and numbers, & binds more tightly than |", () => {
  expect(chosen("machine=pc & memory>512")).toEqual(["pc-v1.0-1024", "pc-v1.1-1024"]);
  expect(chosen("memory<=512&machine!=pc")).toEqual(["q35-v1.0-512", "q35-v1.1-512"]);
  expect(chosen("memory=2048 | machine=pc & guestTools=v1.1")).toEqual([
    "pc-v1.1-512",
    "pc-v1.1-1024",
    "2048",
  ]);
  expect(chosen("set=small & memory>=2048")).toEqual(["2048"]);
});

test("a star stands for any text, and all other characters for themselves", () => {
  expect(chosen("guestTools=v1*0 & memory=512")).toEqual(["pc-v1.0-512", "q35-v1.0-512"]);
  expect(chosen("guestTools=v1_0")).toEqual([]);
  expect(chosen("guestTools=v1*")).toHaveLength(8);
});

test("a word alone is the name of a cell, with or without that of its set", () => {
  expect(chosen("small/pc-v1.0-512")).toEqual(["pc-v1.0-512"]);
  expect(chosen("q35-*-1024")).toEqual(["q35-v1.0-1024", "q35-v1.1-1024"]);
  expect(chosen("cell=2048")).toEqual(["2048"]);
});

test("a cell without a value of an axis has none of its values, and no number", () => {
  expect(chosen("machine!=pc & machine!=q35")).toEqual(["2048"]);
  expect(chosen("size<100")).toEqual([]);
});

test.each([
  ["", "a term is missing"],
  ["memory>512 &", "a term is missing"],
  ["memory", undefined],
  ["memroy>512", "memroy is not a key; did you mean memory?"],
  ["machine>pc", "machine is not a number, and can't be compared with >"],
  ["memory>big", "big is not a whole number"],
  ["memory==512", "memory==512 is not KEY=VALUE"],
])("a filter that is not one is refused: %j", (filter, reason) => {
  if (reason === undefined) expect(chosen(filter)).toEqual([]);
  else expect(() => parseCellFilter(filter)).toThrow(`can't be read: ${reason}`);
});
