import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readRegionPicture } from "./region-picture.ts";
import { cutOut, testScreen, toPng } from "./test-pictures.ts";

const picture = cutOut(testScreen(20, 10), { x: 5, y: 2, width: 12, height: 6 });
const png = toPng(picture);

function write(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "region-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "button.png");
  writeFileSync(path, bytes);
  return path;
}

test("a PNG file has the pixels that were saved", () => {
  expect(readRegionPicture(write(png))).toEqual(picture);
});

const huge = Buffer.from(png);
huge.writeUInt32BE(100_000, 16);

test.each([
  ["is not a PNG file", Buffer.from("GIF89a and so on, which is longer than a head")],
  ["is not a PNG file", Buffer.alloc(0)],
  ["is a damaged PNG file", png.subarray(0, png.length - 20)],
  ["is a damaged PNG file", Buffer.concat([png.subarray(0, 45), Buffer.alloc(8), png.subarray(53)])],
  ["has 100000 by 6 pixels: more than any screen", huge],
  ["has only transparent pixels", toPng({ ...picture, pixels: Buffer.alloc(picture.pixels.length) })],
  ["has over 16 MiB", Buffer.alloc(16 * 1024 ** 2 + 1)],
])("a file that %s is refused", (reason, bytes) => {
  const path = write(bytes);
  expect(() => readRegionPicture(path)).toThrow(`${path} ${reason}`);
});

test("a file that is not there is missing", () => {
  expect(() => readRegionPicture("/nowhere/button.png")).toThrow("/nowhere/button.png does not exist");
});
