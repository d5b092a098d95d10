import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { createScreenPictures, defaultScreenLimits, type ScreenLimits } from "./screen-pictures.ts";
import { grayPpm } from "./test-screen.ts";

function begin(limits: Partial<ScreenLimits> = {}) {
  const folder = join(mkdtempSync(join(tmpdir(), "tinsmith-screens-")), "screens");
  const shown: string[] = [];
  const notes: string[] = [];
  const pictures = createScreenPictures(folder, {
    onChange: (picture) => shown.push(picture),
    onNote: (text) => notes.push(text),
    limits: { ...defaultScreenLimits, ...limits },
  });
  return { folder, shown, notes, pictures };
}

test("a picture is kept as PNG, pixel for pixel", async () => {
  const { folder, shown, pictures } = begin();
  expect(await pictures.take(grayPpm(7))).toBe("new");
  const png = PNG.sync.read(readFileSync(join(folder, `${shown[0]}.png`)));
  expect([png.width, png.height]).toEqual([4, 3]);
  expect([...png.data.subarray(0, 8)]).toEqual([255, 255, 255, 255, 7, 7, 7, 255]);
});

test("a screen that doesn't change costs nothing, and one that comes back is kept once", async () => {
  const { folder, shown, pictures } = begin();
  for (const gray of [1, 1, 2, 2, 1, 2]) await pictures.take(grayPpm(gray));
  expect(readdirSync(folder)).toHaveLength(2);
  const [one, two] = shown;
  expect(shown).toEqual([one, two, one, two]);
});

test("past a limit no more is kept, and a note says so", async () => {
  const full = begin({ pictures: 100 });
  expect(await full.pictures.take(grayPpm(1))).toBe("new");
  expect(await full.pictures.take(grayPpm(2))).toBe("full");
  expect(full.notes).toEqual([
    "From here on, Tinsmith keeps no pictures of the screen: they take more than 100 bytes.",
  ]);
  expect(readdirSync(full.folder)).toHaveLength(1);

  const restless = begin({ changes: 2 });
  for (const gray of [1, 2]) await restless.pictures.take(grayPpm(gray));
  expect(await restless.pictures.take(grayPpm(1))).toBe("full");
  expect(restless.notes).toEqual([
    "From here on, Tinsmith keeps no pictures of the screen: it has changed 2 times.",
  ]);

  const noSpace = begin({ reserve: Number.MAX_SAFE_INTEGER });
  expect(await noSpace.pictures.take(grayPpm(1))).toBe("full");
  expect(noSpace.notes).toEqual([expect.stringContaining("their disk has less than")]);
});

test("anything but a picture is refused", async () => {
  const { pictures } = begin();
  await expect(pictures.take(Buffer.from("P6\n4 3\n255\nshort"))).rejects.toThrow("not a PPM file");
  await expect(pictures.take(Buffer.from("JFIF"))).rejects.toThrow("not a PPM file");
});
