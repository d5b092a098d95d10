import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import { browserOptions } from "../tests/ui/browser.ts";
import { startScriptedEngine } from "../tests/ui/scripted-engine.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { buildBundle } from "./build-bundle.ts";
import { judged, median } from "./figures.ts";
import { collectedHeap, watchPage } from "./watched-page.ts";

// node bench/window.ts [ROUNDS] [MB]
// The window in a browser, on the engine without QEMU: how soon it is usable, beside a page without script on the same
// server; how much script it takes until then; what a burst of 10 MB on the serial console does to it, beside the same
// page idle; and its heap over 200 MB, or so many as are named. Prints medians.

const burstBytes = 10_000_000;
/** Milliseconds from a click on its address. */
const usableBar = 1_000;
/** Bytes, compressed by gzip. */
const scriptBar = 300_000;
/** Milliseconds of the longest task in the page. */
const taskBar = 100;
/** The bar: the growth of the heap from when the terminal's scrollback was full to after the last piece. Bytes. */
const heapBar = 5e6;
const idleMilliseconds = 3_000;

const rounds = Number(process.argv[2] ?? 9);
const longHaulBytes = Number(process.argv[3] ?? 200) * 1e6;
await buildBundle("renderer");
const browser = await chromium.launch(browserOptions);
try {
  const starts = await repeat(rounds, () => measureStart(browser));
  const usable = median(starts.map((one) => one.usable));
  const empty = median(starts.map((one) => one.empty));
  print(
    `usable after ${judged(usable, usableBar, "at most", 0)} ms; a page without script is there after ${empty.toFixed(0)} ms`,
    `script until then: ${judged(median(starts.map((one) => one.scriptBytes)) / 1e3, scriptBar / 1e3, "at most", 0)} kB compressed`,
  );
  const bursts = await repeat(rounds, () => measureBurst(browser));
  const longest = median(bursts.map((one) => one.longestTask));
  print(
    `10 MB in ${median(bursts.map((one) => one.seconds)).toFixed(1)} s, ` +
      `${judged(Math.max(...bursts.map((one) => one.lostBytes)), 0, "at most", 0)} bytes lost; ` +
      `longest task ${judged(longest, taskBar, "at most", 0)} ms, idle ${median(bursts.map((one) => one.longestIdle)).toFixed(0)} ms`,
  );
  print(await measureHeap(browser));
} finally {
  await browser.close();
}

async function repeat<Result>(times: number, measure: () => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let round = 0; round < times; round++) results.push(await measure());
  return results;
}

/** Opens the window with nothing in the browser's cache. */
async function measureStart(browser: Browser) {
  await using engine = await startScriptedEngine();
  const context = await browser.newContext();
  const page = await context.newPage();
  const scripts: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) scripts.push(response.body());
  });
  await page.goto(engine.newLink());
  const usable = await page
    .locator(".library .set")
    .first()
    .waitFor()
    .then(() => page.evaluate(() => performance.now()));
  const bodies = await Promise.all(scripts);
  await page.goto(new URL("/icon.svg", engine.newLink()).href);
  const empty = await page.evaluate(() => performance.now());
  await context.close();
  return { usable, empty, scriptBytes: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) };
}

/** A window that shows the serial console of a build. */
async function openConsole(browser: Browser) {
  const engine = await startScriptedEngine();
  const context = await browser.newContext();
  const page = await context.newPage();
  await watchPage(page);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  await tinsmith.rebuild("worker");
  await tinsmith.showTab(/^Serial/);
  await tinsmith.serial.locator(".xterm-rows").waitFor();
  const [build] = engine.started;
  if (!build) throw new Error("the window has begun no build");
  return {
    page,
    build,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await engine[Symbol.asyncDispose]();
    },
  };
}

async function measureBurst(browser: Browser) {
  await using console = await openConsole(browser);
  const { page, build } = console;
  await requireWatch(page);
  await page.evaluate(() => window.watched.reset());
  await page.waitForTimeout(idleMilliseconds);
  const longestIdle = await page.evaluate(() => window.watched.longestTask);
  await page.evaluate(() => window.watched.reset());
  const started = performance.now();
  build.print(logLines(burstBytes));
  await untilConsumed(page, burstBytes);
  const seconds = (performance.now() - started) / 1000;
  const { longestTask, consumedBytes } = await page.evaluate(() => window.watched.figures());
  return { longestIdle, longestTask, seconds, lostBytes: burstBytes - consumedBytes };
}

/** Makes sure that a long task is noticed, or none would be for the wrong reason. */
async function requireWatch(page: Page): Promise<void> {
  await page.evaluate((milliseconds) => {
    setTimeout(() => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    });
  }, 2 * taskBar);
  await page.waitForFunction((bar) => window.watched.longestTask > bar, taskBar);
}

async function measureHeap(browser: Browser): Promise<string> {
  await using console = await openConsole(browser);
  const { page, build } = console;
  const used: number[] = [];
  const piece = logLines(burstBytes);
  for (let printed = burstBytes; printed <= longHaulBytes; printed += burstBytes) {
    build.print(piece);
    await untilConsumed(page, printed);
    if (printed % (4 * burstBytes) === 0) used.push(await collectedHeap(page));
  }
  const [full = 0] = used;
  const growth = ((used.at(-1) ?? 0) - full) / 1e6;
  const figures = used.map((bytes) => (bytes / 1e6).toFixed(1)).join(" ");
  return `MB of heap after each 40 MB on the console: ${figures}; growth ${judged(growth, heapBar / 1e6, "at most", 1)} MB`;
}

/** Waits until the terminal has parsed, and acknowledged, this many bytes since its window was opened or reset. */
async function untilConsumed(page: Page, bytes: number): Promise<void> {
  await page.waitForFunction((wanted) => window.watched.consumedBytes >= wanted, bytes, { timeout: 600_000 });
}

/** A guest's log as it comes: numbered lines, some with colours, of this many bytes in all. */
function logLines(bytes: number): Uint8Array {
  let text = "";
  for (let line = 0; text.length < bytes; line++)
    text += `[${(line / 1000).toFixed(6).padStart(12)}] \x1b[3${line % 8}mdevice ${line}\x1b[0m: link is up, 1000 Mbit/s\r\n`;
  return new TextEncoder().encode(text.slice(0, bytes));
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
