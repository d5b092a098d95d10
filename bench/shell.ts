import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, type Page } from "@playwright/test";
import { putBuiltSet } from "../tests/shell/built-set.ts";
import { launchShell, type Shell } from "../tests/shell/launch.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { judged, median } from "./figures.ts";

// tests/shell/desktop.sh node bench/shell.ts [ROUNDS]
// The desktop app's main process on Electron while a worker image is rebuilt on a real virtual machine, with its serial console in
// front: how late its event loop is at most, beside the same window idle; and how long the app takes from its start until its window
// can be used, beside an app that only opens an empty one. Prints medians.

/** Milliseconds that the event loop may be late. */
const stallBar = 50;
const idleMilliseconds = 10_000;

const rounds = Number(process.argv[2] ?? 3);
const home = mkdtempSync(join(tmpdir(), "bench-shell-"));
try {
  await putBuiltSet(home);
  const emptyApp = writeEmptyApp(home);
  const usable: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(await timeStart({ home, app: emptyApp }, (page) => page.waitForLoadState()));
    usable.push(await timeStart({ home }, (page) => new TinsmithPage(page).isUsable()));
  }
  process.stdout.write(
    `usable ${median(usable).toFixed(0)} ms after the app's start; the window of an empty app is there after ${median(empty).toFixed(0)} ms ` +
      `(${(median(usable) / median(empty)).toFixed(2)} times)\n`,
  );
  await using shell = await launchShell({ home });
  const tinsmith = new TinsmithPage(shell.page);
  await tinsmith.isUsable();
  const idle: Delays[] = [];
  const busy: Delays[] = [];
  for (let round = 0; round < rounds; round++) {
    idle.push(await watchLoop(shell, () => delay(idleMilliseconds)));
    busy.push(await watchLoop(shell, () => rebuild(tinsmith)));
  }
  const longest = (delays: readonly Delays[]) => median(delays.map((one) => one.longest));
  const usual = (delays: readonly Delays[]) => median(delays.map((one) => one.usual)).toFixed(1);
  process.stdout.write(
    `on Electron ${shell.electron}: late by at most ${judged(longest(busy), stallBar, "at most", 0)} ms during a rebuild ` +
      `(99 of 100 times by ${usual(busy)} ms), idle ${longest(idle).toFixed(0)} ms (${usual(idle)} ms)\n`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Writes an app that opens a window with an empty page, and does no more. @returns its folder */
function writeEmptyApp(home: string): string {
  const folder = join(home, "empty-app");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", main: "main.cjs" }));
  writeFileSync(
    join(folder, "main.cjs"),
    'const { app, BrowserWindow } = require("electron"); app.whenReady().then(() => new BrowserWindow().loadURL("about:blank"));',
  );
  return folder;
}

/** How many milliseconds an app takes from its start until its window is as `ready` waits for. */
async function timeStart(
  options: Parameters<typeof launchShell>[0],
  ready: (page: Page) => Promise<void>,
): Promise<number> {
  const begin = performance.now();
  await using shell = await launchShell(options);
  await ready(shell.page);
  return performance.now() - begin;
}

/** How late the event loop was, in milliseconds. */
interface Delays {
  readonly longest: number;
  /** 99 of 100 times. */
  readonly usual: number;
}

async function watchLoop(shell: Shell, work: () => Promise<unknown>): Promise<Delays> {
  await shell.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
    const monitor = monitorEventLoopDelay({ resolution: 1 });
    monitor.enable();
    Object.assign(globalThis, { monitor });
  });
  await work();
  return await shell.evaluate(() => {
    const { monitor } = globalThis as unknown as {
      monitor: { disable(): void; max: number; percentile(of: number): number };
    };
    monitor.disable();
    // Nanoseconds, of which one millisecond is the monitor's own.
    return { longest: monitor.max / 1e6 - 1, usual: monitor.percentile(99) / 1e6 - 1 };
  });
}

async function rebuild(tinsmith: TinsmithPage): Promise<void> {
  // An image that is up to date is not built.
  appendFileSync(join(home, "images/tinycore/worker.sh"), "# changed\n");
  await tinsmith.rebuild("worker");
  await tinsmith.showTab("Serial", "Worker image microcore");
  await expect(tinsmith.page.getByRole("contentinfo")).toContainText("1 running", { timeout: 60_000 });
  await expect(tinsmith.page.getByRole("contentinfo")).toContainText("0 running", { timeout: 120_000 });
}
