import { AppError } from "../errors/errors.ts";
import { guess } from "../errors/schema-issues.ts";
import { excerpt } from "../text/excerpt.ts";
import { axisNames } from "./axes.ts";
import type { CellValues } from "./expand-matrix.ts";

/** The part of a cell that a filter sees. */
export interface FilteredCell {
  /** `SET/NAME`. */
  readonly name: string;
  readonly set: string;
  readonly values: CellValues;
}

type CellTest = (cell: FilteredCell) => boolean;

const keys = ["cell", "set", ...axisNames] as const;
type Key = (typeof keys)[number];
const comparisons = ["!=", "<=", ">=", "=", "<", ">"] as const;
type Comparison = (typeof comparisons)[number];

const term = /^([A-Za-z]+)\s*(!=|<=|>=|=|<|>)\s*([^\s=<>!]+)$/;
const cellPattern = /^[\w.+*/-]+$/;

/**
 * Reads a filter of cells: terms such as `machine=q35`, `memory>512` and `guestTools=debug*`, joined by `&` and `|`, of which `&`
 * binds more tightly. A word alone is the pattern of a cell's name.
 *
 * @throws AppError `usage`
 */
export function parseCellFilter(text: string): CellTest {
  const alternatives = text
    .split("|")
    .map((part) => part.split("&").map((word) => parseTerm(word.trim(), text)));
  return (cell) => alternatives.some((terms) => terms.every((test) => test(cell)));
}

function parseTerm(word: string, whole: string): CellTest {
  if (cellPattern.test(word)) return compare("cell", "=", word);
  const [, key = "", comparison, value = ""] = term.exec(word) ?? [];
  if (comparison === undefined)
    throw invalid(whole, word === "" ? "a term is missing" : `${excerpt(word)} is not KEY=VALUE`);
  if (!isKey(key))
    throw invalid(whole, `${key} is not a key${guess(key, keys) || `; known are ${keys.join(", ")}`}`);
  const isOrder = comparison !== "=" && comparison !== "!=";
  if (isOrder && key !== "size" && key !== "memory")
    throw invalid(whole, `${key} is not a number, and can't be compared with ${comparison}`);
  if (isOrder && !/^\d+$/.test(value)) throw invalid(whole, `${excerpt(value)} is not a whole number`);
  return compare(key, comparison as Comparison, value);
}

function isKey(word: string): word is Key {
  return (keys as readonly string[]).includes(word);
}

function compare(key: Key, comparison: Comparison, value: string): CellTest {
  if (comparison === "=" || comparison === "!=") {
    const pattern = new RegExp(`^${value.split("*").map(quote).join(".*")}$`);
    return (cell) => wordsOf(cell, key).some((word) => pattern.test(word)) === (comparison === "=");
  }
  const limit = Number(value);
  return ({ values }) => {
    const number = Number(values[key as "size" | "memory"]?.value ?? Number.NaN);
    if (comparison === "<") return number < limit;
    if (comparison === "<=") return number <= limit;
    return comparison === ">" ? number > limit : number >= limit;
  };
}

function quote(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The words by which a cell is known under a key. */
function wordsOf({ name, set, values }: FilteredCell, key: Key): readonly string[] {
  if (key === "cell") return [name, name.slice(set.length + 1)];
  if (key === "set") return [set];
  const given = values[key];
  if (!given) return [];
  return key === "size" || key === "memory" ? [given.name, `${given.value}`] : [given.name];
}

function invalid(filter: string, reason: string): AppError {
  return new AppError({
    code: "usage",
    message: `the filter ${JSON.stringify(excerpt(filter))} can't be read: ${reason}`,
    advice: "Write terms such as machine=q35, memory>512 or cell=*debug*, joined by & and |.",
  });
}
