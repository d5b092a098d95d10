import { expect, test } from "vitest";
import { addressIssue, digestIssue, foldersIssue, wholeNumberIssue } from "./field-issues.ts";

test.each(["", "1", "49"])("%j is a size of a disk, or none", (text) => {
  expect(wholeNumberIssue(text, 49, "GiB")).toBeUndefined();
});

test.each(["0", "50", "1.5", "-1", "many", " "])("%j is no size of a disk", (text) => {
  expect(wholeNumberIssue(text, 49, "GiB")).toBe("Enter a whole number of GiB from 1 to 49.");
});

test("an address is one of the web", () => {
  expect(addressIssue(" https://example.org/core.iso ")).toBeUndefined();
  for (const text of ["", "core.iso", "ftp://example.org/core.iso", "https://"])
    expect(addressIssue(text), text).toMatch(/http/);
});

test("a digest has its length and its digits", () => {
  expect(digestIssue(` ${"aF".repeat(32)} `)).toBeUndefined();
  expect(digestIssue("abc")).toContain("this one has 3");
  expect(digestIssue("g".repeat(64))).toContain("0 to 9 and a to f");
});

test("folders are whole paths, one a line", () => {
  expect(foldersIssue("/a\n\n /b ")).toBeUndefined();
  expect(foldersIssue("/a\nb")).toContain("b is not an absolute path");
});
