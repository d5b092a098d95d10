import { expect, test } from "vitest";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { byName, type EntrySort, nextEntrySort, sortEntries } from "./sort-entries.ts";

function entry(name: string, more: Partial<ContentEntry>): ContentEntry {
  const usual = { kind: "file", size: 0, allocated: 0, links: 1, mayHoldFiles: false } as const;
  return { path: `/${name}`, name, ...usual, ...more };
}

const entries = [
  entry("a", { size: 5, modified: 300 }),
  entry("b", { kind: "folder", size: 4096, modified: 100 }),
  entry("c", { size: 70 }),
  entry("d", { size: 5, modified: 200 }),
];
const namesBy = (sort: EntrySort) =>
  sortEntries(entries, sort)
    .map(({ name }) => name)
    .join("");

test("entries are sorted by name, size and time; those without a size or a time are at the end", () => {
  expect(namesBy(byName)).toBe("abcd");
  expect(namesBy({ column: "name", isDescending: true })).toBe("dcba");
  expect(namesBy({ column: "size", isDescending: true })).toBe("cadb");
  expect(namesBy({ column: "size", isDescending: false })).toBe("adcb");
  expect(namesBy({ column: "time", isDescending: true })).toBe("adbc");
  expect(namesBy({ column: "time", isDescending: false })).toBe("bdac");
});

test("clicks on a column sort by it in one direction, in the other, and then by name again", () => {
  const first = nextEntrySort(byName, "size");
  expect(first).toEqual({ column: "size", isDescending: true });
  const second = nextEntrySort(first, "size");
  expect(second).toEqual({ column: "size", isDescending: false });
  expect(nextEntrySort(second, "size")).toEqual(byName);
  const down = nextEntrySort(byName, "name");
  expect(down).toEqual({ column: "name", isDescending: true });
  expect(nextEntrySort(down, "name")).toEqual(byName);
});
