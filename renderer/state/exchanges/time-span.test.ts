import { expect, test } from "vitest";
import { axisFor, movedBy, partOf, placeOn, spanBetween, ticksOn, timeAt, zoomedBy } from "./time-span.ts";

const axis = { from: 1_000, to: 2_000 };

test("a span has a place on an axis, as much as is on it", () => {
  expect(placeOn(axis, { from: 1_250, to: 1_500 })).toEqual({ start: 0.25, length: 0.25 });
  expect(placeOn(axis, { from: 0, to: 1_500 })).toEqual({ start: 0, length: 0.5 });
  expect(placeOn(axis, { from: 1_900, to: 9_000 })).toEqual({ start: 0.9, length: expect.closeTo(0.1) });
  expect(placeOn(axis, { from: 1_500, to: 1_500 })).toEqual({ start: 0.5, length: 0 });
  expect(placeOn(axis, { from: 0, to: 999 })).toBeUndefined();
  expect(placeOn(axis, { from: 2_001, to: 3_000 })).toBeUndefined();
});

test("an axis without a length puts everything at its beginning", () => {
  expect(placeOn({ from: 5, to: 5 }, { from: 5, to: 5 })).toEqual({ start: 0, length: 0 });
});

test("times and positions are converted both ways", () => {
  expect(timeAt(axis, 0.25)).toBe(1_250);
  expect(partOf(axis, timeAt(axis, 0.7))).toBeCloseTo(0.7);
});

test("a dragged span may begin at either end, and stays on the axis", () => {
  expect(spanBetween(axis, 1_700, 1_200)).toEqual({ from: 1_200, to: 1_700 });
  expect(spanBetween(axis, 500, 5_000)).toEqual(axis);
  expect(spanBetween(axis, 1_300, 1_300)).toEqual({ from: 1_300, to: 1_301 });
  expect(spanBetween(axis, 2_500, 2_600)).toEqual({ from: 1_999, to: 2_000 });
});

test("a span is moved as far as the axis goes, and keeps its length", () => {
  const span = { from: 1_200, to: 1_400 };
  expect(movedBy(axis, span, 100)).toEqual({ from: 1_300, to: 1_500 });
  expect(movedBy(axis, span, 5_000)).toEqual({ from: 1_800, to: 2_000 });
  expect(movedBy(axis, span, -5_000)).toEqual({ from: 1_000, to: 1_200 });
});

test("a zoom keeps the time that it is about in its place", () => {
  const span = zoomedBy(axis, axis, 0.5, 1_250);
  expect(span).toEqual({ from: 1_125, to: 1_625 });
  expect(partOf(span, 1_250)).toBe(partOf(axis, 1_250));
  expect(zoomedBy(axis, span, 100, 1_250)).toEqual(axis);
  expect(zoomedBy(axis, axis, 0, 1_500)).toEqual({ from: 1_499.5, to: 1_500.5 });
});

test.each([
  [0, 900, ["0:00.0", "0:00.2", "0:00.4", "0:00.6", "0:00.8"]],
  [0, 90, ["0:00.00", "0:00.02", "0:00.04", "0:00.06", "0:00.08"]],
  [0, 12, ["0:00.000", "0:00.005", "0:00.010"]],
  [1_234, 1_238, ["0:01.234", "0:01.235", "0:01.236", "0:01.237", "0:01.238"]],
  [0, 10_000, ["0:00", "0:02", "0:04", "0:06", "0:08", "0:10"]],
  [0, 240_000, ["0:00", "1:00", "2:00", "3:00", "4:00"]],
  [0, 86_400_000, ["0:00", "5:00:00", "10:00:00", "15:00:00", "20:00:00"]],
])("from %d to %d ms the axis has round marks", (from, to, labels) => {
  expect(ticksOn({ from: 7 + from, to: 7 + to }, 7, 5).map(({ label }) => label)).toEqual(labels);
});

test("what is short on an axis is shown on a part of it, which mostly stays when that moves a little", () => {
  const hour = { from: 0, to: 3_600_000 };
  expect(axisFor(hour, { from: 0, to: 600_000 })).toEqual(hour);
  const near = axisFor(hour, { from: 1_800_000, to: 1_801_000 });
  expect(near.to - near.from).toBeLessThan(8_000);
  expect(placeOn(near, { from: 1_800_000, to: 1_801_000 })?.length).toBeGreaterThanOrEqual(0.15);
  expect(axisFor(hour, { from: 1_800_100, to: 1_801_100 })).toEqual(near);
  for (let from = 0; from < 3_599_000; from += 7_919) {
    const axis = axisFor(hour, { from, to: from + 1_000 });
    expect(axis.from).toBeLessThanOrEqual(from);
    expect(axis.to).toBeGreaterThanOrEqual(from + 1_000);
    expect(axis.to - axis.from).toBeLessThan(8_000);
  }
});
