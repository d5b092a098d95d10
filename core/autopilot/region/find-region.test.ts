import { expect, test } from "vitest";
import { createRegionSearch } from "./find-region.ts";
import { cutOut, screenOf, testScreen } from "./test-pictures.ts";

const { signal } = new AbortController();
const screen = testScreen(320, 200);
const place = { x: 207, y: 93 };
const cut = { ...place, width: 40, height: 25 };

test.each([
  [0, 0],
  [280, 175],
  [207, 93],
])("a picture is found wherever it is on the screen: at %i, %i", async (x, y) => {
  const search = createRegionSearch(cutOut(screen, { x, y, width: 40, height: 25 }));
  expect(await search.find(screen, 0, signal)).toEqual({ x, y });
});

test("a picture of which more pixels look different than is tolerated is not found", async () => {
  const search = createRegionSearch(cutOut(screen, cut, 10));
  expect(await search.find(screen, 0.009, signal)).toBeUndefined();
  expect(await search.find(screen, 0.01, signal)).toEqual(place);
});

test("a colour that differs a little looks the same, one that differs more does not", async () => {
  const region = cutOut(screen, cut);
  const lighter = (by: number) => ({
    ...region,
    pixels: Buffer.from(region.pixels.map((value) => Math.min(255, value + by))),
  });
  expect(await createRegionSearch(lighter(16)).find(screen, 0, signal)).toEqual(place);
  expect(await createRegionSearch(lighter(17)).find(screen, 0.01, signal)).toBeUndefined();
});

test("transparent pixels look like any others", async () => {
  const region = cutOut(screen, cut, 10);
  for (let at = 0; at < region.pixels.length; at += 4) {
    const whole = cutOut(screen, cut).pixels;
    if (region.pixels[at] !== whole[at]) region.pixels[at + 3] = 0;
  }
  expect(await createRegionSearch(region).find(screen, 0, signal)).toEqual(place);
});

test("of two places, the upper one is found", async () => {
  const twice = screenOf(100, 100, (x, y) => (x % 50 === 30 && y % 50 === 20 ? [255, 0, 0] : [0, 0, 0]));
  const search = createRegionSearch(cutOut(twice, { x: 25, y: 15, width: 10, height: 10 }));
  expect(await search.find(twice, 0, signal)).toEqual({ x: 25, y: 15 });
});

test("a picture that is larger than the screen is not found, and similar nowhere", async () => {
  const search = createRegionSearch(cutOut(screen, { x: 0, y: 0, width: 320, height: 200 }));
  for (const small of [testScreen(319, 200), testScreen(320, 199)]) {
    expect(await search.find(small, 1, signal)).toBeUndefined();
    expect(await search.nearest(small, signal)).toBeUndefined();
  }
  expect(await search.find(screen, 0, signal)).toEqual({ x: 0, y: 0 });
});

test("the most similar place is known, with the part that looks different", async () => {
  const search = createRegionSearch(cutOut(screen, cut, 50));
  expect(await search.nearest(screen, signal)).toEqual({ ...place, difference: 0.05 });
});

// A place is given up by a sample of its pixels: no place may be missed by that.
test("at each tolerance, a picture with just so many different pixels is found", async () => {
  const region = { x: 101, y: 57, width: 120, height: 80 };
  for (const changed of [0, 1, 9, 96, 960, 2400]) {
    const search = createRegionSearch(cutOut(screen, region, changed));
    const tolerance = changed / (region.width * region.height);
    expect(await search.find(screen, tolerance, signal)).toEqual({ x: 101, y: 57 });
    if (changed > 0) expect(await search.find(screen, (changed - 1) / 9600, signal)).toBeUndefined();
  }
});

test("a picture of one colour is found where the screen has that", async () => {
  const half = screenOf(100, 50, (x) => (x < 60 ? [0, 0, 0] : [255, 255, 255]));
  const search = createRegionSearch(cutOut(half, { x: 70, y: 10, width: 20, height: 20 }));
  expect(await search.find(half, 0, signal)).toEqual({ x: 60, y: 0 });
});

test("an empty screen is given up after a few pixels of each place, also for a picture that is half of its colour", async () => {
  const [black, white] = [screenOf(480, 360, () => [0, 0, 0]), screenOf(480, 360, () => [255, 255, 255])];
  const halves = screenOf(300, 200, (x) => (x < 150 ? [0, 0, 0] : [255, 255, 255]));
  const search = createRegionSearch(cutOut(halves, { x: 0, y: 0, width: 300, height: 200 }));
  const start = performance.now();
  for (const empty of [black, white]) {
    expect(await search.find(empty, 0.1, signal)).toBeUndefined();
    expect(await search.nearest(empty, signal)).toMatchObject({ difference: 0.5 });
  }
  // All pixels of all places would take much longer.
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a search ends when its signal aborts", async () => {
  const search = createRegionSearch(cutOut(screen, cut, 1000));
  const reason = new Error("stopped");
  await expect(search.find(screen, 0, AbortSignal.abort(reason))).rejects.toBe(reason);
});
