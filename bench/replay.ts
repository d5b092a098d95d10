import { writeFileSync } from "node:fs";
import { type CDPSession, chromium, type Page } from "@playwright/test";
import { leaveExchanges } from "../core/session-record/test-exchanges.ts";
import { sessionPaths } from "../core/storage/paths.ts";
import { browserOptions } from "../tests/ui/browser.ts";
import { ReplayPage } from "../tests/ui/replay-page.ts";
import { startScriptedEngine } from "../tests/ui/scripted-engine.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { buildBundle } from "./build-bundle.ts";
import { judged, median, quantile } from "./figures.ts";

// node bench/replay.ts
// The replay of an ended session with 100,000 exchanges and 10 MB on its serial console: how much script runs when a
// person goes to a time anywhere in it. Prints the 95th of 100 such steps.

const exchanges = 100_000;
const steps = 100;
/** Milliseconds of script that a step may take, in 95 of 100. */
const scriptBar = 50;

await buildBundle("renderer");
const browser = await chromium.launch(browserOptions);
try {
  await using engine = await startScriptedEngine();
  const files = sessionPaths(engine.paths, leaveExchanges(engine.paths, exchanges));
  leaveSerial(files);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  await tinsmith.showTab("Sessions");
  await page.locator(".session").click();
  await page.getByRole("button", { name: "Replay" }).click();
  const replay = new ReplayPage(tinsmith);
  await replay.time.waitFor({ timeout: 60_000 });
  const times = await scrub(page, replay);
  process.stdout.write(
    `a step of the replay's axis takes ${median(times).toFixed(1)} ms of script, ${judged(quantile(times, 0.95), scriptBar, "at most", 1)} ms in 95 of 100\n`,
  );
} finally {
  await browser.close();
}

/** Leaves a console that has printed 10 MB during the exchanges. */
function leaveSerial({ serialLog, serialTimes }: ReturnType<typeof sessionPaths>): void {
  writeFileSync(serialLog, `${"x".repeat(78)}\r\n`.repeat(125_000));
  // As `leaveExchanges` has them: an exchange each 40 ms.
  const start = Date.UTC(2026, 10, 1, 12);
  const times = Array.from(
    { length: 10_000 },
    (_, index) => `${start + index * 400} ${(index + 1) * 1_000}\n`,
  );
  writeFileSync(serialTimes, times.join(""));
}

/** Goes to times all over the session, each when the one before has been drawn. @returns milliseconds of script of each */
async function scrub(page: Page, replay: ReplayPage): Promise<readonly number[]> {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const axis = await replay.view.getByLabel("Time in the session").elementHandle();
  if (!axis) throw new Error("the replay has no axis");
  const end = Number(await axis.getAttribute("max"));
  const times: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const before = await scriptTime(client);
    // Not by Playwright's own ways, which run scripts in the page, too.
    await axis.evaluate(setValue, Math.round(((step * 7_919) % 10_007) * (end / 10_007)));
    // A terminal reads its output in pieces, over several frames.
    await page.evaluate(() => new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn), 100)));
    times.push((await scriptTime(client)) - before);
  }
  return times;
}

/** As a person does who drags the axis. Runs in the page. */
function setValue(axis: Element, value: number): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(axis, `${value}`);
  axis.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Milliseconds in which the page has run scripts. */
async function scriptTime(client: CDPSession): Promise<number> {
  const { metrics } = await client.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0) * 1_000;
}
