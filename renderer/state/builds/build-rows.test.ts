import { expect, test } from "vitest";
import { textOfBuildLog } from "./build-log-text.ts";
import { buildRows, type Folds, type LogRow, placeOfRow, stepOfRow, textOfRows } from "./build-rows.ts";
import { emptyBuildView, type LoggedEvent, lastGuestLines, reduceBuildView } from "./build-view.ts";

function viewAfter(...events: readonly object[]) {
  const logged = events.map((event, index) => ({ seq: index + 1, time: 1000 * index, ...event }));
  return reduceBuildView(emptyBuildView, logged as unknown as readonly LoggedEvent[]);
}

const started = { type: "build-started", title: "t", session: "s", folder: "/f", output: "/o" };
const built = [
  started,
  { type: "step-started", step: "guest-tools" },
  { type: "command-started", command: "go build" },
  { type: "output", text: "config" },
  { type: "command-ended", exit: { status: 0 } },
  { type: "command-started", command: "strip" },
  { type: "output", text: "no such file" },
  { type: "command-ended", exit: { status: 1 } },
  { type: "step-finished", step: "guest-tools" },
  { type: "step-started", step: "boot" },
  { type: "note", text: "qxl is not in this QEMU" },
  { type: "guest-log", text: "setup: started" },
];

const textOf = (row: LogRow) => (row.kind === "step" ? row.step.step : row.line.text);
const textsOf = (events: readonly object[], folds: Folds = new Map()) =>
  buildRows(viewAfter(...events), folds).map(textOf);

test("a log has its steps, and below each what was said in it; the output of a command that went well is folded", () => {
  const rows = buildRows(viewAfter(...built), new Map());
  expect(rows.map(textOf)).toEqual([
    ...["guest-tools", "go build", "strip", "no such file"],
    ...["boot", "qxl is not in this QEMU", "setup: started"],
  ]);
  const commands = rows.flatMap((row) => (row.kind === "command" ? [[row.isOpen, row.end]] : []));
  expect(commands).toEqual([
    [false, { time: 4000, exit: { status: 0 } }],
    [true, { time: 7000, exit: { status: 1 } }],
  ]);
});

test("a command that runs shows its output, which folds when it ends well, unless a person has unfolded it", () => {
  expect(textsOf(built.slice(0, 4))).toEqual(["guest-tools", "go build", "config"]);
  expect(textsOf(built.slice(0, 5))).toEqual(["guest-tools", "go build"]);
  expect(textsOf(built.slice(0, 5), new Map([[3, true]]))).toEqual(["guest-tools", "go build", "config"]);
});

test("a row is of the step that began last before it, and one that is gone has the place of the next", () => {
  const view = viewAfter(...built);
  const rows = buildRows(view, new Map());
  expect(rows.map(({ number }) => stepOfRow(view.stepNumbers, number))).toEqual([0, 0, 0, 0, 1, 1, 1]);
  expect(stepOfRow(view.stepNumbers, 1)).toBe(-1);
  expect(placeOfRow(rows, 6)).toBe(2);
  // The line "config" is folded.
  expect(placeOfRow(rows, 4)).toBe(2);
  expect(placeOfRow(rows, 0)).toBe(0);
});

test("a build that begins again begins its steps again", () => {
  const view = viewAfter(...built, started, { type: "step-reused", step: "disk" });
  expect(view.stepNumbers).toEqual([14]);
});

test("old lines are dropped and counted, and what was seen already changes nothing", () => {
  const events = Array.from({ length: 20_010 }, (_, index) => ({
    ...{ seq: index + 1, time: 0, type: "guest-log" as const, text: `${index}` },
  }));
  const view = reduceBuildView(emptyBuildView, events);
  expect(view.lines).toHaveLength(20_000);
  expect(view.lines[0]?.text).toBe("10");
  expect(view.dropped).toBe(10);
  expect(reduceBuildView(view, events)).toBe(view);
});

const longCommand = [
  started,
  { type: "step-started", step: "guest-tools" },
  { type: "command-started", command: "make" },
  ...Array.from({ length: 25_000 }, (_, number) => ({ type: "output", text: `${number}` })),
];

test.each([
  ["runs", [], true],
  ["has failed", [{ type: "command-ended", exit: { status: 1 } }], true],
  ["went well", [{ type: "command-ended", exit: { status: 0 } }], false],
])("a command of more lines than are kept has its row when it %s", (_, end, isOpen) => {
  const view = viewAfter(...longCommand, ...end);
  const rows = buildRows(view, new Map());
  expect(rows.slice(0, 2)).toMatchObject([{ kind: "step" }, { kind: "command", number: 3, isOpen }]);
  expect(view.dropped + view.lines.length).toBe(25_001);
  const unfolded = buildRows(view, new Map([[3, true]]));
  expect(unfolded.at(-1)).toMatchObject({ kind: "line", line: { text: "24999" } });
});

test("a command's row goes with the last line that it printed", () => {
  const later = Array.from({ length: 20_000 }, () => ({ type: "guest-log", text: "later" }));
  const view = viewAfter(...longCommand, { type: "command-ended", exit: { status: 0 } }, ...later);
  expect(buildRows(view, new Map()).map(({ kind }) => kind)).not.toContain("command");
});

test("the last lines of a guest are those of the step in which the build is", () => {
  const logged = ["one", "two", "three", "four"].map((text) => ({ type: "guest-log", text }));
  expect(lastGuestLines(viewAfter(...built, ...logged))).toEqual(["two", "three", "four"]);
  expect(lastGuestLines(viewAfter(...built, { type: "step-started", step: "pack" }))).toEqual([]);
});

test("a long line has several rows, which are one line again in a copy", () => {
  const long = `${"long ".repeat(399)}\x1b[31mred\x1b[0m end`;
  const plain = `${"long ".repeat(399)}red end`;
  const view = viewAfter(
    started,
    { type: "step-started", step: "guest" },
    { type: "guest-log", text: long },
    { type: "guest-log", text: "next" },
  );
  const rows = buildRows(view, new Map());
  expect(rows.map((row) => textOf(row).length)).toEqual([5, 1000, 1000, 2, 4]);
  expect(rows.map((row, index) => placeOfRow(rows, row.number) - index)).toEqual([0, 0, 0, 0, 0]);
  expect(textOfRows(rows)).toBe(`Guest\n${plain}\nnext`);
  expect(
    textOfBuildLog(view)
      .split("\n")
      .map((line) => line.slice(-3)),
  ).toEqual(["est", "end", "ext", ""]);
});
