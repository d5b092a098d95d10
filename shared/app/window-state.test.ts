import { expect, test } from "vitest";
import {
  changeWindowState,
  maxRuns,
  type RememberedInstall,
  type RememberedRun,
  windowStateSchema,
} from "./window-state.ts";

const run = (command: string): RememberedRun => ({
  command,
  variables: ["API_TOKEN"],
  timeout: "",
  memory: "",
  keepAlive: true,
  terminal: true,
  forward: "2222:22",
  recordsNetwork: false,
  boots: false,
});

test("a change keeps all that it does not name, and the other images' runs", () => {
  const state = changeWindowState(
    { layout: "{}", fontSize: 9, runs: { a: run("1"), b: run("2") } },
    { fontSize: 10, runs: { a: run("3") } },
  );
  expect(state).toEqual({ layout: "{}", fontSize: 10, runs: { b: run("2"), a: run("3") } });
  expect(Object.keys(state.runs ?? {})).toEqual(["b", "a"]);
});

test("a change keeps the other sets' installations", () => {
  const install = (path: string): RememberedInstall => ({
    ...{ source: "file", path, url: "", sha256: "", bootEntry: "", machine: "" },
  });
  const state = changeWindowState(
    { installs: { a: install("1"), b: install("2") } },
    { installs: { a: install("3") } },
  );
  expect(state).toEqual({ installs: { b: install("2"), a: install("3") } });
  expect(windowStateSchema.parse(state)).toEqual(state);
});

test("the runs of so many images are remembered, the latest ones", () => {
  let state = {};
  for (let image = 0; image <= maxRuns; image += 1)
    state = changeWindowState(state, { runs: { [`/image-${image}`]: run("make") } });
  const { runs = {} } = windowStateSchema.parse(state);
  expect(Object.keys(runs)).toHaveLength(maxRuns);
  expect(Object.keys(runs)[0]).toBe("/image-1");
});

test.each([
  { layout: "x".repeat(300 * 1024) },
  { fontSize: 1_000 },
  { columns: { what: 5_000 } },
  { columns: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`column-${index}`, 1])) },
  { runs: { a: { ...run("x".repeat(200 * 1024)) } } },
  { runs: { a: { ...run("x"), variables: Array.from({ length: 201 }, () => "A") } } },
])("what is larger than any window makes it is refused: %#", (state) => {
  expect(windowStateSchema.safeParse(state).success).toBe(false);
});
