import { expect, test } from "vitest";
import { requireSize } from "./terminal-lines.ts";

test("a terminal without a size has 80 columns and 24 rows, and any other keeps its own", () => {
  const unknown = { columns: 0, rows: 0 };
  requireSize(unknown);
  expect(unknown).toEqual({ columns: 80, rows: 24 });
  const narrow = { columns: 40, rows: 5 };
  requireSize(narrow);
  expect(narrow).toEqual({ columns: 40, rows: 5 });
  const pipe = {};
  requireSize(pipe);
  expect(pipe).toEqual({});
});
