import { expect, test } from "vitest";
import { arrange } from "./arrangement.ts";

test("log and console are beside each other in a wide view, and one of them is shown in a small one", () => {
  expect(arrange(1_500, 800)).toEqual({ steps: "beside", panes: "beside" });
  expect(arrange(730, 450)).toEqual({ steps: "beside", panes: "stacked" });
  expect(arrange(730, 339)).toEqual({ steps: "beside", panes: "one" });
  expect(arrange(1_000, 339)).toEqual({ steps: "beside", panes: "beside" });
});

test("a narrow view has its steps in a line above the log", () => {
  expect(arrange(599, 700)).toEqual({ steps: "above", panes: "stacked" });
  expect(arrange(599, 300)).toEqual({ steps: "above", panes: "one" });
});
