import type { Page } from "@playwright/test";
import { execa } from "execa";
import { z } from "zod";
import { leaveExchanges } from "../core/session-record/test-exchanges.ts";
import { sessionPaths } from "../core/storage/paths.ts";
import { startScriptedEngine } from "../tests/ui/scripted-engine.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { buildBundle } from "./build-bundle.ts";
import { judged, judgedPairs, median, quantile } from "./figures.ts";
import { startUnwatchedBrowser, type UnwatchedBrowser } from "./unwatched-browser.ts";
import { collectedHeap } from "./watched-page.ts";

// node bench/exchanges-view.ts [ROUNDS]
// The action log of an ended session with 100,000 exchanges: how long it takes to open, beside jq reading the same file
// in turns, from the click to the page in which its last row stands; then how long the page's handlers take when it is scrolled to anywhere, and how many rows are drawn; how long
// filters take until their rows are there; and the memory of the page's script after all that.
// Prints medians; the ratio is of the same round.

const exchanges = 100_000;
const scrolls = 200;
/** The bar: the time of the window, as a multiple of the time that jq takes to read the file. */
const openBar = 2;
/** Milliseconds that the handlers of a scroll may take, in 95 of 100. */
const handlerBar = 8;
const rowsBar = 60;
/** Milliseconds from a change of the filter until its rows are in the page. */
const filterBar = 100;
/** Bytes that the page's script has in use after garbage was collected. */
const heapBar = 200e6;

/** Filters by words, by a number, and by a text in each body; each with the exchanges that it picks. */
const filters = [
  { text: "endpoint:reply status:>=400", picked: 10_000 },
  { text: "took:>20ms", picked: 50_000 },
  { text: "none", picked: 50_000 },
  { text: '"no such text"', picked: 0 },
] as const;

const rounds = Number(process.argv[2] ?? 9);
await buildBundle("renderer");
const opens: { window: number; jq: number }[] = [];
const scrolled: { p95: number; rows: number }[] = [];
const filtered: number[] = [];
const heaps: number[] = [];
for (let round = 0; round < rounds; round++) {
  // One of its own: an engine remembers what its window has shown.
  await using engine = await startScriptedEngine();
  const { events } = sessionPaths(engine.paths, leaveExchanges(engine.paths, exchanges));
  await using browser = await startUnwatchedBrowser();
  await browser.withPage((page) => showSessions(page, engine.newLink()));
  const jq = await readWithJq(events);
  opens.push({ window: await open(browser), jq });
  await browser.withPage(async (page) => {
    scrolled.push(await scroll(page));
    filtered.push(Math.max(...(await filter(page))));
    heaps.push(await collectedHeap(page));
  });
}
const pairs = opens.map(({ window, jq }) => ({ ours: window, reference: jq }));
print(
  `${exchanges} exchanges open in ${median(opens.map(({ window }) => window)).toFixed(2)} s, ` +
    `jq reads them in ${median(opens.map(({ jq }) => jq)).toFixed(2)} s, ratio ${judgedPairs(pairs, openBar, "at most")}`,
  `a scroll's handlers take ${judged(median(scrolled.map(({ p95 }) => p95)), handlerBar, "at most", 1)} ms in 95 of 100, ` +
    `with ${judged(Math.max(...scrolled.map(({ rows }) => rows)), rowsBar, "at most", 0)} rows drawn`,
  `the slowest of ${filters.length} filters takes ${judged(median(filtered), filterBar, "at most", 0)} ms; ` +
    `the script has ${judged(median(heaps) / 1e6, heapBar / 1e6, "at most", 0)} MB in use`,
);

/** Seconds. */
async function readWithJq(file: string): Promise<number> {
  const start = performance.now();
  await execa("jq", ["-n", "reduce inputs as $event (0; . + 1)", file]);
  return (performance.now() - start) / 1_000;
}

async function showSessions(page: Page, link: string): Promise<void> {
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(link);
  await tinsmith.showTab("Sessions");
  await page.locator(".session").waitFor();
}

/** Opens the session by a click, and waits until all of it is there. @returns seconds */
async function open(browser: UnwatchedBrowser): Promise<number> {
  const milliseconds = await browser.evaluate(`new Promise((opened) => {
    const start = performance.now();
    document.querySelector(".session-open").click();
    const look = () => {
      if (document.querySelector('[aria-posinset="${exchanges}"]')) opened(performance.now() - start);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  return z.number().parse(milliseconds) / 1_000;
}

/** Scrolls to places all over the log, each when the one before has been drawn. */
async function scroll(page: Page): Promise<{ readonly p95: number; readonly rows: number }> {
  const { times, rows } = await page
    .getByRole("listbox", { name: "Exchanges" })
    .evaluate(async (box, count) => {
      const times: number[] = [];
      let rows = 0;
      let begun = 0;
      // Before all listeners, and behind those of the page.
      window.addEventListener(
        "scroll",
        () => {
          begun = performance.now();
        },
        { capture: true },
      );
      box.addEventListener("scroll", () => times.push(performance.now() - begun));
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
      for (let step = 0; step < count; step++) {
        box.scrollTop = (((step * 7_919) % count) / count) * box.scrollHeight;
        await frame();
        await frame();
        rows = Math.max(rows, box.querySelectorAll(".exchange").length);
      }
      return { times, rows };
    }, scrolls);
  if (times.length < scrolls / 2) throw new Error(`only ${times.length} of ${scrolls} scrolls were noticed`);
  return { p95: quantile(times, 0.95), rows };
}

/** Milliseconds of each filter: from its input to a page in which its count stands, all script of it included. */
async function filter(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  const field = page.getByRole("combobox", { name: "Filter" });
  for (const { text, picked } of filters) {
    const count = `${picked.toLocaleString("en")} of ${exchanges.toLocaleString("en")}`;
    const time = await field.evaluate(
      async (input: HTMLInputElement, { text, count }) => {
        const status = document.querySelector(".exchange-count");
        const shown = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            if (status?.textContent !== count) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(status as Element, { childList: true, characterData: true, subtree: true });
        });
        const start = performance.now();
        // As typing does: React listens to the event, and reads the value that the browser has set.
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await shown;
        return performance.now() - start;
      },
      { text, count },
    );
    times.push(time);
    await field.press("Escape");
    await page.locator(`[aria-setsize="${exchanges}"]`).first().waitFor();
  }
  return times;
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
