import { statSync } from "node:fs";
import { type CDPSession, chromium, type Page } from "@playwright/test";
import { sessionPaths } from "../core/storage/paths.ts";
import { browserOptions } from "../tests/ui/browser.ts";
import { RunPage } from "../tests/ui/run-page.ts";
import { startScriptedEngine } from "../tests/ui/scripted-engine.ts";
import type { ScriptedRun } from "../tests/ui/scripted-run.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { buildBundle } from "./build-bundle.ts";
import { judged, median } from "./figures.ts";
import { collectedHeap } from "./watched-page.ts";

// node bench/long-run.ts
// A run that makes 100,000 exchanges and logs 200,000 lines, in a window that shows both: how long the page works on a
// part of them when its lists are long, beside the same when they are short; the heap of the page when it has all of
// them, beside the size of the files that it was read from; and what is left of that when the run's tab is closed, each
// time that it was open.

const steps = 20;
const exchangesOfStep = 5_000;
const linesOfStep = 10_000;
/** The bar: the time of the last quarter of the steps, as a multiple of the first quarter's. */
const paceBar = 1.5;
/** The bar: the heap, as a multiple of the files' size. */
const heapBar = 1.5;
/**
 * The bar: the growth of a heap from before a tab was opened to after it was closed; and at each further time. MB.
 */
const leftBar = 8;
const growthBar = 2;
const reopenings = 3;

await buildBundle("renderer");
const browser = await chromium.launch(browserOptions);
try {
  await using engine = await startScriptedEngine();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Performance.enable");
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  const first = await engine.beginRun({ command: ["first"] });
  // Memory that is loaded with the first session is not a leak.
  await openAndClose(tinsmith, first);
  const before = await settledHeap(page);
  const run = await engine.beginRun({ command: ["long"] });
  const view = await RunPage.open(tinsmith, "long");
  const costs: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const begun = await workOf(tools);
    await addTo(run, step);
    await untilShown(view, step + 1);
    costs.push((await workOf(tools)) - begun);
  }
  const quarter = steps / 4;
  const [early, late] = [median(costs.slice(0, quarter)), median(costs.slice(-quarter))];
  const files = sessionPaths(engine.paths, run.session.id);
  const bytes = statSync(files.events).size + statSync(files.taskLog).size;
  const full = await settledHeap(page);
  const left: number[] = [];
  await closeTab(tinsmith, "long");
  left.push(await settledHeap(page));
  for (let time = 1; time < reopenings; time += 1) {
    await untilShown(await RunPage.open(tinsmith, "long"), steps);
    await closeTab(tinsmith, "long");
    left.push(await settledHeap(page));
  }
  const megabytes = (heap: number) => (heap / 1e6).toFixed(1);
  print(
    `${exchangesOfStep} exchanges and ${linesOfStep} lines take the page ${late.toFixed(2)} s of work when it has all before them, ` +
      `${early.toFixed(2)} s at the beginning, ratio ${judged(late / early, paceBar, "at most")}`,
    `heap with all of them ${megabytes(full)} MB, without ${megabytes(before)} MB, files of ${megabytes(bytes)} MB, ` +
      `ratio ${judged((full - before) / bytes, heapBar, "at most")}`,
    `MB left each time that the tab was closed: ${left.map((heap) => megabytes(heap - before)).join(" ")}; ` +
      `${judged(((left[0] ?? 0) - before) / 1e6, leftBar, "at most", 1)}, ` +
      `then growth ${judged(((left.at(-1) ?? 0) - (left[0] ?? 0)) / 1e6, growthBar, "at most", 1)}`,
  );
} finally {
  await browser.close();
}

/** Seconds that the page has worked. */
async function workOf(tools: CDPSession): Promise<number> {
  const { metrics } = await tools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

/** A part of the run: its exchanges come in small batches, as from a guest. */
async function addTo({ session, log }: ScriptedRun, step: number): Promise<void> {
  const empty = { bytes: 0, beginning: "" };
  const headers = [["User-Agent", "guest-tools"]] as const;
  for (let index = 1; index <= exchangesOfStep; index += 1) {
    const exchange = step * exchangesOfStep + index;
    session.record({ type: "exchange-started", exchange, method: "GET", target: "/engine/v1/poll", headers });
    session.record({ type: "exchange-replied", exchange, status: 200, headers });
    session.record({ type: "exchange-ended", exchange, outcome: "complete", request: empty, reply: empty });
    if (index % 100 === 0) {
      const begin = (linesOfStep / exchangesOfStep) * (exchange - 100);
      log(Array.from({ length: 200 }, (_, line) => `line ${begin + line + 1} of the task's log\n`).join(""));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function untilShown({ exchanges, log }: RunPage, steps: number): Promise<void> {
  const all = (steps * exchangesOfStep).toLocaleString("en");
  await exchanges.getByRole("status").filter({ hasText: all }).waitFor({ timeout: 120_000 });
  await log.getByText(`line ${steps * linesOfStep} of`).waitFor({ timeout: 120_000 });
}

async function openAndClose(tinsmith: TinsmithPage, run: ScriptedRun): Promise<void> {
  run.log("a line\n");
  const { log } = await RunPage.open(tinsmith, "first");
  await log.getByText("a line").waitFor();
  await closeTab(tinsmith, "first");
}

async function closeTab(tinsmith: TinsmithPage, name: string): Promise<void> {
  await tinsmith.chooseOnTab(name, "Close tab");
  await tinsmith.page.locator(".run").waitFor({ state: "detached" });
}

/** The ends of a tab's activities take a moment. */
async function settledHeap(page: Page): Promise<number> {
  const heaps: number[] = [];
  for (let look = 0; look < 4; look += 1) {
    await page.waitForTimeout(500);
    heaps.push(await collectedHeap(page));
  }
  return Math.min(...heaps);
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
