import { expect, test } from "vitest";
import { describeEmptyListing } from "./empty-listing.ts";

test("a listing with files needs no words", () => {
  expect(describeEmptyListing("/a", ["/a/b"])).toBeUndefined();
});

test("an empty listing says so, and how to list the folder if its path is a link", () => {
  expect(describeEmptyListing("/a\n", [])).toBe(
    "The guest has no plain files in /a\\n or below. If /a\\n is a link to a folder, list /a\\n/ instead: guest tools follow a link only with a slash at its end.",
  );
  expect(describeEmptyListing("/a/", [])).toBe("The guest has no plain files in /a/ or below.");
});
