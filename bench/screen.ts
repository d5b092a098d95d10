import { chromium, type Page } from "@playwright/test";
import { findSessions } from "../core/session-record/find-sessions.ts";
import { sessionPaths } from "../core/storage/paths.ts";
import { browserOptions } from "../tests/ui/browser.ts";
import { embeddedIso, startGuestScreen } from "../tests/ui/guest-screen.ts";
import { startRealEngine } from "../tests/ui/real-engine.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";
import { buildBundle } from "./build-bundle.ts";
import { judgedPairs, median, type Pair } from "./figures.ts";
import { startPlainViewer } from "./plain-viewer.ts";

// node bench/screen.ts [ROUNDS]
// How many frames a second the screen view shows of a guest whose console scrolls all the time, beside a page with
// nothing but the viewer's library, in the same size, on the same virtual machine, in turns. Prints medians; the ratio is of runs in the
// same round.

const seconds = 5;
/** The library does most of the work in both. */
const ratioBar = 0.9;

const rounds = Number(process.argv[2] ?? 9);
await buildBundle("renderer");
const browser = await chromium.launch(browserOptions);
try {
  await using engine = await startRealEngine();
  const page = await browser.newPage();
  await countFrames(page);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await using guest = await startGuestScreen(tinsmith, { engine, iso: await embeddedIso(engine) });
  await guest.serial.prompt();
  guest.serial.type("sudo sh -c 'while :; do dmesg; done >/dev/tty1' &");
  const [session] = await findSessions(engine.paths);
  if (!session) throw new Error("the guest has ended");
  await tinsmith.screenShows();
  const size = await tinsmith.screenCanvas.boundingBox();
  if (!size) throw new Error("the screen is not shown");
  await using viewer = await startPlainViewer(sessionPaths(engine.paths, session.id).vncSocket, size);
  const plain = await browser.newPage();
  await countFrames(plain);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    await plain.goto(viewer.address);
    const alone = await framesASecond(plain);
    await plain.goto("about:blank");
    await page.bringToFront();
    await tinsmith.showTab("Screen", session.title);
    await tinsmith.screenShows();
    const view = await framesASecond(page);
    await tinsmith.showTab("Serial", session.title);
    await plain.bringToFront();
    pairs.push({ ours: view, reference: alone });
  }
  process.stdout.write(
    `screen view: ${median(pairs.map(({ ours }) => ours)).toFixed(1)} frames a second, ` +
      `the library alone ${median(pairs.map(({ reference }) => reference)).toFixed(1)}, ` +
      `ratio ${judgedPairs(pairs, ratioBar, "at least")}\n`,
  );
} finally {
  await browser.close();
}

declare global {
  interface Window {
    /** How many updates of the screen the page has asked for, each when it had shown the one before it. */
    shownFrames: number;
  }
}

/** Lets a page that is opened next count what it shows. */
async function countFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shownFrames = 0;
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (message) {
      // RFB's FramebufferUpdateRequest has type 3, and 10 bytes.
      if (message instanceof Uint8Array && message[0] === 3 && message.length === 10) window.shownFrames += 1;
      send.call(this, message);
    };
  });
}

async function framesASecond(page: Page): Promise<number> {
  await page.waitForFunction(() => window.shownFrames > 10);
  const [frames, start] = [await page.evaluate(() => window.shownFrames), performance.now()];
  await page.waitForTimeout(seconds * 1000);
  return ((await page.evaluate(() => window.shownFrames)) - frames) / ((performance.now() - start) / 1000);
}
