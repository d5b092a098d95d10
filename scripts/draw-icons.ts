import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium } from "@playwright/test";

// node scripts/draw-icons.ts
// Draws the app's icons in all sizes from their SVGs, into packaging/icons, where they are kept: to be run
// again when an SVG has changed.

const project = resolve(import.meta.dirname, "..");
const out = join(project, "packaging/icons");
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** The archive's icon is for file managers, which show it no larger. */
const archiveSizes = [16, 32, 48, 64, 128, 256];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox"],
});
try {
  mkdirSync(out, { recursive: true });
  const app = readFileSync(join(project, "renderer/public/icon.svg"), "utf8");
  for (const size of sizes) writeFileSync(join(out, `${size}x${size}.png`), await draw(browser, app, size));
  const archive = readFileSync(join(out, "archive.svg"), "utf8");
  for (const size of archiveSizes)
    writeFileSync(join(out, `archive-${size}.png`), await draw(browser, archive, size));
} finally {
  await browser.close();
}

async function draw(within: Browser, svg: string, size: number): Promise<Buffer> {
  const page = await within.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}
