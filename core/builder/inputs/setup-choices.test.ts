import { expect, test } from "vitest";
import { recipeBootEntry } from "../../../shared/recipe/install-choices.ts";
import { retriedChoices, setupChoices } from "./setup-choices.ts";

const own = { machine: "/set/machine.json", size: 1, iso: { path: "core.iso" } };

test("a retry chooses what the failed build chose", () => {
  const kept = { size: 4, byHand: true, iso: { path: "/other.iso" } };
  expect(retriedChoices({}, kept, own)).toEqual(kept);
  expect(retriedChoices({ size: 4, iso: { path: "/other.iso" } }, kept, own)).toEqual(kept);
});

test("a retry may choose what the recipe says, if the failed build did too", () => {
  expect(retriedChoices({ size: 1, machine: "/set/machine.json" }, {}, own)).toEqual({});
});

test.each([
  [{ size: 4 }, {}, "--size"],
  [{ size: 1 }, { size: 4 }, "--size"],
  [{ machine: "/other.json" }, {}, "--machine"],
  [{ iso: { path: "/b.iso" } }, { iso: { path: "/a.iso" } }, "--boot"],
  [{ bootEntry: "2" }, { bootEntry: "1" }, "--boot-entry"],
  [{ byHand: true }, {}, "--by-hand"],
  [{ size: 8, byHand: true }, { size: 4 }, "--size and --by-hand"],
])("a retry with %o of a build with %o is refused", (given, kept, options) => {
  expect(() => retriedChoices(given, kept, own)).toThrow(
    expect.objectContaining({
      code: "usage",
      message: `the failed build had another ${options}`,
    }),
  );
});

test("only what was chosen counts", () => {
  expect(setupChoices({ size: undefined, byHand: false })).toEqual({});
});

test("the recipe's boot entry is one of its own ISO, or of an ISO that a recipe without one is given", () => {
  const iso = { path: "core.iso" };
  expect(recipeBootEntry({ iso, bootEntry: "Install" }, {})).toBe("Install");
  expect(recipeBootEntry({ bootEntry: "Install" }, { iso })).toBe("Install");
  expect(recipeBootEntry({ iso, bootEntry: "Install" }, { iso })).toBeUndefined();
});
