#!/usr/bin/env node
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { browserOptions } from "../browser.ts";
import { approvedPictures, pictures } from "./pictures.ts";

/** The picture's name, and the share of its pixels that differ, which is 1 if its size differs. */
type Difference = readonly [picture: string, share: number];

/** Compares the pictures of the last run with the approved ones. The browser decodes them. */
async function comparePictures(): Promise<readonly Difference[]> {
  const browser = await chromium.launch(browserOptions);
  try {
    const page = await browser.newPage();
    const differences: Difference[] = [];
    for (const name of readdirSync(approvedPictures).filter((name) => existsSync(join(pictures, name)))) {
      const both = [pictures, approvedPictures].map((folder) => readFileSync(join(folder, name), "base64"));
      if (both[0] !== both[1]) differences.push([name, await page.evaluate(differingShare, both)]);
    }
    return differences.sort(([, one], [, other]) => other - one);
  } finally {
    await browser.close();
  }
}

/** The share of pixels that differ between two pictures. Runs in the browser. */
async function differingShare(pictures: readonly string[]): Promise<number> {
  const decoded = pictures.map(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(picture, 0, 0);
    return new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
  });
  const [one = new Uint32Array(), other = new Uint32Array()] = await Promise.all(decoded);
  if (one.length !== other.length) return 1;
  return one.reduce((count, pixel, index) => count + Number(pixel !== other[index]), 0) / one.length;
}

const differences = await comparePictures();
const report = differences
  .map(([name, share]) => `${(share * 100).toFixed(2).padStart(6)} %  ${name}\n`)
  .join("");
writeFileSync(join(pictures, "report.txt"), report);
process.stdout.write(
  `${differences.length} pictures differ from the approved ones: .build/screenshots/report.txt\n`,
);
